"""Arabic names as people write them: the same person under each of his spellings (`goal.answers`).

A name is compared by its parts. Each part is folded: what hands write in two ways becomes one letter, and what is
written with or without a space («عبد الله», «ابو بكر», «نور الدين») becomes one part. Words that only link go: «بن»,
«بنت», «آل».
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, pairwise

PARTS_AT_MOST = 8
WORDS_REMEMBERED = 4096
"""Folded once: comparing files folds thirty names, and people share their words. No whole name is kept."""

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیېئ", "ي"),
        **dict.fromkeys("ةۃۀەہھ", "ه"),
        **dict.fromkeys("ؤۆۇۋ", "و"),
        **dict.fromkeys("کڪگڭ", "ك"),
        **dict.fromkeys("ڤ", "ف"),
        **dict.fromkeys("چ", "ج"),
        **dict.fromkeys("پ", "ب"),
        "ء": "",
        "ـ": "",
    }
)
_LINKS = frozenset({"بن", "ابن", "بنت", "ابنه", "ابنت", "ال", "bin", "ibn", "bint", "al", "el", "ben"})
_JOINS_NEXT = frozenset({"عبد", "ابو", "ابي", "ابا", "ام", "abd", "abdul", "abdel", "abu", "abo", "um", "umm"})
_SERVANT = re.compile(r"^عبدال(?=..)")
_FATHER = re.compile(r"^(ابي|ابا)(?=..)")
_ARTICLE = re.compile(r"^ال(?=...)")
_WEAK = re.compile(r"(?<=.)[اوي](?=.)")
_WEAK_END = re.compile(r"(?<=..)[اويه]$")
_DOUBLED = re.compile(r"(.)\1+")
_NO_WORD = re.compile(r"[^\w]+|_")


def parts_of(name: str) -> list[str]:
    """The folded parts of a name, in order, each once; the ninth and later are left out."""
    words = iter(_words(name))
    parts: list[str] = []
    for word in words:
        if word in _LINKS:
            continue
        if word in _JOINS_NEXT:
            word += next(words, "")
        elif word in {"الدين", "الله"} and parts:
            word = parts.pop() + word
        parts.append(_bare(word))
    return list(dict.fromkeys(part for part in parts if part))[:PARTS_AT_MOST]


@lru_cache(WORDS_REMEMBERED)
def skeleton(part: str) -> str:
    """A part without what ears disagree on: long vowels inside and at the end, doubled letters."""
    bare = _DOUBLED.sub(r"\1", part)
    return _WEAK_END.sub("", _WEAK.sub("", bare)) or bare


def search_keys(name: str) -> set[str]:
    """Everything under which a name is found: its parts, their skeletons, and each two of these together.

    Two together, because half a country is called محمد: a search of two parts reads those who bear both, and no more.
    """
    return {key for _, key in weighed_keys(name)}


def weighed_keys(name: str) -> Iterator[tuple[int, str]]:
    """The same with how much each says: a part as it is written says more than its skeleton."""
    parts = parts_of(name)
    for kind, weight, forms in (("part", 3, parts), ("sound", 1, [skeleton(part) for part in parts])):
        for form in forms:
            yield weight, f"{kind}:{form}"
        for pair in combinations(sorted(set(forms)), 2):
            yield weight * 2, f"{kind}s:{'+'.join(pair)}"


def likeness(asked: str, name: str) -> float:
    """How well `name` answers to what was asked, between 0 and 1: parts found, spelled alike, in the same order."""
    wanted, there = parts_of(asked), parts_of(name)
    if not wanted or not there:
        return 0.0
    sounds = [skeleton(part) for part in there]
    places, score = [], 0.0
    for part in wanted:
        if part in there:
            places.append(there.index(part))
            score += 1
        elif (sound := skeleton(part)) in sounds:
            places.append(sounds.index(sound))
            score += 0.8
    in_order = sum(1 for one, next_ in pairwise(places) if one < next_)
    first = 0.5 if places and places[0] == 0 else 0.0
    # Found parts weigh most; then their order, whether the first name is his, and how little of his name is left over.
    return (score + 0.3 * in_order / max(1, len(wanted) - 1) + first + 0.2 * len(wanted) / len(there)) / (
        len(wanted) + 1.0
    )


def folded_words(text: str) -> list[str]:
    """The folded words of any text, in order: a search of texts compares what a search of names does."""
    return [bare for word in _words(text) if (bare := _bare(word))]


def _words(name: str) -> list[str]:
    return [word for run in name.split() for word in _folded(run)]


@lru_cache(WORDS_REMEMBERED)
def _folded(run: str) -> tuple[str, ...]:
    letters = unicodedata.normalize("NFD", run.translate(_LETTERS)).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(_LETTERS)
    return tuple(word for word in _NO_WORD.split(plain) if word)


@lru_cache(WORDS_REMEMBERED)
def _bare(word: str) -> str:
    """Without the article, which hands leave out: «الحربي» and «حربي», «عبدالرحمن» and «عبد رحمن»."""
    word = _SERVANT.sub("عبد", word)
    word = _FATHER.sub("ابو", word)
    return _ARTICLE.sub("", word)
