"""Chinese words in letters: for sorting, and for those who type pinyin."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """Return the pinyin of each character without tones; runs of other characters stay together, in lower case."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- half a second, which most processes need not spend

    return tuple(
        part.strip().lower() for part in lazy_pinyin(text, style=Style.NORMAL, v_to_u=False) if part.strip()
    )


def sort_key(name: str) -> str:
    """Return what a name is sorted by: its syllables, so that the first letter is the one of the alphabet's list."""
    return " ".join(syllables(name))[:400]
