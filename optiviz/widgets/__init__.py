"""Parts of Qt windows that know no scene."""
