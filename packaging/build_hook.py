"""Build hook: leaves resources/ out of an editable install, which reads the checkout's own folder."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SkipResourcesWhenEditable(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            self.build_config.target_config.pop("force-include", None)
