"""In which language people are written to, by the country they live in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LANGUAGE_BY_COUNTRY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AT": "de",
        "DE": "de",
        "LI": "de",
        "DK": "da",
        "NO": "nb",
        "SE": "sv",
        "PL": "pl",
        "FI": "fi",
        "NL": "nl",
        "FR": "fr",
        "ES": "es",
        "IT": "it",
        "PT": "pt",
        "BR": "pt",
        "CZ": "cs",
        "SK": "sk",
        "HU": "hu",
        "RO": "ro",
        "JP": "ja",
        "GB": "en",
        "IE": "en",
        "US": "en",
        "AU": "en",
        "NZ": "en",
    }
)
"""Where one language is plainly the language of business; Switzerland or Belgium is not there."""
_SAME: Final[Mapping[str, str]] = MappingProxyType({"no": "nb", "nn": "nb"})


def language_of(country: str | None) -> str | None:
    """Return the language of a country, if there is one."""
    return LANGUAGE_BY_COUNTRY.get(country or "")


def primary(tag: str) -> str:
    """Return the language of a tag: `pt-BR` is `pt`, and `no` is `nb`."""
    language = tag.split("-", maxsplit=1)[0].lower()
    return _SAME.get(language, language)
