"""The formats of pictures and animations: key, and what people call it. Imports nothing."""

from __future__ import annotations

STILLS = {"png": "PNG", "svg": "SVG", "pdf": "PDF"}
FILMS = {"gif": "GIF", "webp": "WebP", "apng": "APNG", "mp4": "MP4", "webm": "WebM"}
SHAPES = ("svg", "pdf")
VIDEOS = ("mp4", "webm")
