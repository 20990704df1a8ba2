"""
Is a change material, whatever the author says? Pure.

A typo is small, and of a kind that is known to be harmless: a letter of a longer word, two letters
of a common word the wrong way round (`material_slips`), accents that make no other word, a capital
where a sentence begins, a mark at the end of a line, a hyphen or an apostrophe within a word, a
word typed twice, list and bold marks. Everything else is material: where a sentence or a clause
ends says who did what ("Verdier says the authorities knew."). Words that a crisis turns on are
material at the slightest change, and a word that nothing vouches for at the start of a sentence
counts as a name. The errors that remain are meant to be on the side of asking again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from incidents.statements import material_words as words
from incidents.statements.material_reading import (
    Run,
    Text,
    Token,
    marks,
    plain,
    read,
    runs,
    stars,
)
from incidents.statements.material_slips import is_slip


class Code(StrEnum):
    """What a change touches."""

    DIGIT = "digit"  # numbers in words, percent and units of number included
    NAME = "name"  # handles, hashtags and e-mail addresses included
    NEGATION = "negation"
    DATE = "date"  # days, months, times in words; "23:30" is a digit
    LINK = "link"
    AUDIENCE = "audience"
    CHANNEL = "channel"
    KIND = "kind"
    LANGUAGE = "language"
    ATTACHMENT = "attachment"
    WORDS = "words"  # everything else that is more than a typo


@dataclass(frozen=True)
class Reason:
    """Why a change is material, with the whole passage as it was and as it is."""

    code: Code
    was: str
    now: str


@dataclass(frozen=True)
class Wording:
    """
    What a sign-off binds, as far as a typo could touch it.

    `channel_texts` as versions keep them: every channel has its key, "" where the text itself
    goes. `attachments` are digests.
    """

    text: str
    channel_texts: Mapping[str, str] = field(default_factory=dict)
    audience: str = ""
    kind: str = ""
    language: str = ""
    attachments: Sequence[str] = ()


# One place of change, the words changed in it, and all changes: more is no typo.
_RUN: Final = 3
_SHARE: Final = 10  # of the words, one in ten, but three in any text
_OPENS_QUOTE: Final = re.compile(r"[\s(\[]['\u2018\u201a\u201b]$")
_PUNCTUATION: Final = frozenset(".,;:!…()[]-\"'•·")
_QUOTES: Final = str.maketrans("", "", "\"'")
_LISTING: Final = frozenset({"and", "or", "et", "ou"})  # a comma may stand before these
_ENDED: Final = re.compile("[.!?…:]")
_WITHIN: Final = frozenset("-\u2011'\u2019")  # of a word
_KINDS: Final = {
    "link": Code.LINK,
    "domain": Code.LINK,
    "address": Code.NAME,
    "handle": Code.NAME,
    "sign": Code.WORDS,
}
_TABLES: Final = (
    (words.NUMBERS, Code.DIGIT),
    (words.NEGATIONS, Code.NEGATION),
    (words.DATES, Code.DATE),
)


@dataclass(frozen=True)
class _Context:
    names: frozenset[str]
    common: frozenset[str]  # seen without a capital
    now: frozenset[str] = frozenset()  # all words, once changed


def reasons(before: Wording, now: Wording, *, names: Collection[str] = ()) -> tuple[Reason, ...]:
    """
    Return why the change is material; nothing when it may be called a typo.

    `names` are those of product, people and brands: what no capital gives away.
    """
    found = list(_of_frame(before, now))
    pairs = [(before.text, now.text)]
    for channel in sorted(before.channel_texts.keys() & now.channel_texts.keys()):
        own = before.channel_texts[channel], now.channel_texts[channel]
        texts = own[0] or before.text, own[1] or now.text
        if bool(own[0]) != bool(own[1]) and _words(texts[0]) != _words(texts[1]):
            found.append(Reason(Code.CHANNEL, *own))
        pairs.append(texts)
    for was, is_ in dict.fromkeys(pairs):
        found.extend(_of_text(was, is_, names))
    return tuple(dict.fromkeys(found))


def _of_frame(before: Wording, now: Wording) -> Iterator[Reason]:
    frame = (
        (Code.AUDIENCE, before.audience, now.audience),
        (Code.KIND, before.kind, now.kind),
        (Code.LANGUAGE, before.language, now.language),
        (Code.CHANNEL, _listed(before.channel_texts), _listed(now.channel_texts)),
        (Code.ATTACHMENT, _listed(before.attachments), _listed(now.attachments)),
    )
    for code, was, is_ in frame:
        if was != is_:
            yield Reason(code, was, is_)


def _listed(parts: Collection[str]) -> str:
    return ", ".join(sorted(str(part) for part in parts))


def _words(text: str) -> list[str]:
    return [token.key for token in read(text).tokens]


def _of_text(was: str, is_: str, names: Collection[str]) -> Iterator[Reason]:
    if was == is_:
        return
    before, now = read(was), read(is_)
    context = _context(before, now, names)
    places = runs([t.key for t in before.tokens], [t.key for t in now.tokens])
    most = max(_RUN, len(before.tokens) // _SHARE)
    if places is None or sum(max(j - i, m - k) for i, j, k, m in places) > most:
        yield from _of_much(before, now, context)
    else:
        for run in places:
            for code in _of_run(before, now, run, context):
                yield Reason(code, before.passage(*run[:2]), now.passage(*run[2:]))
        yield from _of_gaps(before, now, places)
    if stars(was) % 2 != stars(is_) % 2:
        yield Reason(Code.WORDS, "", "*")  # a note, that may take back what it stands beside


def _of_much(before: Text, now: Text, context: _Context) -> Iterator[Reason]:
    """Say what came and went where too much changed to tell place by place."""
    count = [Counter((_code(t, context), t.key) for t in text.tokens) for text in (before, now)]
    gone, come = count[0] - count[1], count[1] - count[0]
    for wanted in Code:
        was, is_ = (" ".join(key for code, key in side if code == wanted) for side in (gone, come))
        if wanted != Code.WORDS and (was or is_):
            yield Reason(wanted, was, is_)
    yield Reason(Code.WORDS, before.text, now.text)


def _of_run(before: Text, now: Text, run: Run, context: _Context) -> Iterator[Code]:
    i, j, k, m = run
    old, new = before.tokens[i:j], now.tokens[k:m]
    codes: set[Code | None] = set()
    if len(old) == len(new) <= _RUN:
        for one, other in zip(old, new, strict=True):
            codes |= _of_pair(one, other, context)
    else:
        codes = {_code(token, context) for token in (*old, *new)}
        plain_words = codes == {None} and not any(_is_unknown(token, context) for token in old)
        if plain_words and (_is_joined(before, now, run) or _is_doubled(before, now, run)):
            return
    yield from sorted({code or Code.WORDS for code in codes})


def _of_pair(old: Token, new: Token, context: _Context) -> set[Code]:
    """Return what a word that became another one touches; nothing when it is its spelling."""
    if {old.kind, new.kind} == {"word"} and _is_same(old, new):
        unknown = _is_unknown(old, context) and _is_unknown(new, context)
        inside = unknown and old.key[1:].lower() != new.key[1:].lower()
        if inside or _is_capital(old, new) or _is_name(old, context) or _is_name(new, context):
            return {Code.NAME}
        return set() if words.is_accent(old.key, new.key) else {Code.WORDS}
    if words.flips(old.folded, new.folded):
        return {Code.NEGATION}
    codes = {code for code in (_code(old, context), _code(new, context)) if code}
    if codes or (_is_unknown(old, context) and _is_unknown(new, context)):
        return codes or {Code.NAME}
    slipped = is_slip(old.key, new.key) and old.key.lower() not in context.now
    return set() if slipped or words.is_spelling(old.key, new.key) else {Code.WORDS}


def _is_same(old: Token, new: Token) -> bool:
    """Tell whether only accents, capitals or an apostrophe differ; that of "n’" denies."""
    return old.folded.rstrip("'") == new.folded.rstrip("'") != "n"


def _is_capital(old: Token, new: Token) -> bool:
    """Tell whether a capital came or went, but at the start of a sentence: "Polish", "polish"."""
    inside = [key != key.lower() for key in (old.key[1:], new.key[1:])]
    if inside[0] != inside[1]:
        return True
    first = old.key[:1].isupper() != new.key[:1].isupper()
    return first and not (old.opens and new.opens) and new.key != "I"


def _of_gaps(before: Text, now: Text, places: Sequence[Run]) -> Iterator[Reason]:
    """Compare what stands between the words that stayed, or stayed in number."""
    ends = len(before.tokens), len(now.tokens)
    at = 0, 0
    mended = _quotes(before) % 2 == 1 and _quotes(now) % 2 == 0
    for i, j, k, m in [*places, (*ends[:1] * 2, *ends[1:] * 2)]:
        kept = i - at[0] + (j - i if j - i == m - k else min(j - i, m - k, 1))
        last = 1 if (i, k) == ends else 0
        for n in range(kept + last):
            one, other = at[0] + n, at[1] + n
            gap = _Gap(before, one, now, other)
            if code := _of_gap(gap, mended=mended):
                was, is_ = before.passage(one - 1, one + 1), now.passage(other - 1, other + 1)
                yield Reason(code, was, is_)
        at = j, m


@dataclass(frozen=True)
class _Gap:
    """What stands before a word, as it was and as it is."""

    before: Text
    one: int
    now: Text
    other: int

    @property
    def texts(self) -> tuple[str, str]:
        return self.before.gap(self.one), self.now.gap(self.other)

    @property
    def beside(self) -> Sequence[Token]:
        return self.now.tokens[max(self.other - 1, 0) : self.other + 1]

    @property
    def ends_line(self) -> bool:
        last = self.one == len(self.before.tokens), self.other == len(self.now.tokens)
        return all(end or "\n" in gap for end, gap in zip(last, self.texts, strict=True))

    @property
    def is_listing(self) -> bool:
        return self.other < len(self.now.tokens) and (
            self.now.tokens[self.other].folded in _LISTING
            and self.before.tokens[self.one].folded in _LISTING
        )


def _of_gap(gap: _Gap, *, mended: bool) -> Code | None:
    was, is_ = gap.texts
    if was == is_:
        return None
    old, new = (marks(text, first=gap.other == 0) for text in (was, is_))
    gone = Counter(old)
    gone.subtract(new)
    changed = {mark for mark, count in gone.items() if count}
    numbers = [token.is_number for token in gap.beside]
    if changed and (numbers == [True, True] or (any(numbers) and "-" in changed)):
        return Code.DIGIT
    if changed and _turns(gap.beside) and not gap.ends_line:
        return Code.NEGATION
    quoted = gone['"'] or bool(_OPENS_QUOTE.search(was)) != bool(_OPENS_QUOTE.search(is_))
    if changed - _PUNCTUATION or (quoted and not (mended and gap.ends_line)):
        return Code.WORDS
    return Code.WORDS if _parts(gap, old, new) else None


def _parts(gap: _Gap, old: str, new: str) -> bool:
    """Tell whether sentences, clauses or words are parted in another place than before."""
    was, is_ = gap.texts
    inside = 0 < gap.other < len(gap.now.tokens)
    if inside and ("\n" in was) != ("\n" in is_) and not (_ENDED.search(old) and old == new):
        return True
    if inside and "-" in old + new and _is_dash(was) != _is_dash(is_):
        return True
    pauses = [text.translate(_QUOTES) for text in (old, new)]
    if pauses[0] == pauses[1] or gap.ends_line:
        return False
    return not (gap.is_listing and set(pauses) == {"", ","})


def _is_dash(gap: str) -> bool:
    """Tell a dash between clauses from the hyphen of a word."""
    return any(character.isspace() or character in "–—" for character in gap)


def _turns(beside: Sequence[Token]) -> bool:
    """Tell whether a mark here moves what is denied: "No, eat it", "No eat it"."""
    return any(token.folded in words.NEGATIONS for token in beside)


def _quotes(text: Text) -> int:
    return plain(text.text).count('"')


def _code(token: Token, context: _Context) -> Code | None:
    """Say what a token is that must not change, or None for an ordinary word."""
    if token.kind in _KINDS:
        return _KINDS[token.kind]
    word = token.folded
    if token.kind == "number" or token.is_number or words.ORDINAL.fullmatch(word):
        return Code.DIGIT
    for table, code in _TABLES:
        if word in table and token.key != "may":
            return code
    if _is_name(token, context):
        return Code.NAME
    return Code.WORDS if word in words.WEIGHTY else None


def _is_name(token: Token, context: _Context) -> bool:
    key, word = token.key.strip("'"), token.folded
    if word in context.names or (key[1:] and key[1:] != key[1:].lower()):
        return True
    is_date = word in words.DATES and word not in words.AMBIGUOUS_DATES
    return key[:1].isupper() and not token.opens and key != "I" and not is_date


def _is_unknown(token: Token, context: _Context) -> bool:
    """Tell whether a word at the start of a sentence may be a name for all that the texts say."""
    return token.key[:1].isupper() and token.folded not in context.common | words.FUNCTION


def _context(before: Text, now: Text, names: Collection[str]) -> _Context:
    given = {token.folded for name in names for token in read(name).tokens} - words.FUNCTION
    found = [t for text in (before, now) for t in text.tokens if t.kind == "word"]
    keys = {token.key for token in found}
    common = frozenset(words.folded(key) for key in keys if key == key.lower())
    bare = _Context(frozenset(), common)
    for token in found:
        if token.key == token.key.lower() or token.folded in words.FUNCTION:
            continue
        shouted = token.key.isupper() and token.folded in common
        if not shouted and _is_name(token, bare):
            given.add(token.folded)
    return _Context(frozenset(given), common, frozenset(t.key.lower() for t in now.tokens))


def _is_joined(before: Text, now: Text, run: Run) -> bool:
    """Tell whether a blank, hyphen or apostrophe was missing or too much."""
    i, j, k, m = run
    if {j - i, m - k} != {1, 2}:
        return False
    pair, gap = (
        (before.tokens[i:j], before.gap(i + 1)) if j - i == 2 else (now.tokens[k:m], now.gap(k + 1))
    )
    spelled = {
        "".join(token.folded for token in side).replace("'", "")
        for side in (before.tokens[i:j], now.tokens[k:m])
    }
    plain = all(
        words.LATIN.fullmatch(token.key) for token in (*before.tokens[i:j], *now.tokens[k:m])
    )
    return len(spelled) == 1 and plain and _is_within(pair, gap)


def _is_within(pair: Sequence[Token], gap: str) -> bool:
    """Tell whether a hyphen or an apostrophe parts what is one word, or "it’s", or "l’huile"."""
    first, second = (token.folded for token in pair)
    if {first, second} & words.LOOSE:
        return False
    if not gap:
        return first.endswith("'") or (first, second) == ("it", "'s")
    return gap in _WITHIN and not {first, second} & words.FUNCTION


def _is_doubled(before: Text, now: Text, run: Run) -> bool:
    """Tell whether a word typed twice was taken away once; "nous nous" is French."""
    i, j, k, m = run
    if j - i != 1 or m != k or before.tokens[i].folded in {"nous", "vous"}:
        return False
    return any(
        before.tokens[i].folded == before.tokens[n].folded and not before.gap(max(i, n)).strip()
        for n in (i - 1, j)
        if 0 <= n < len(before.tokens) and (n < i or before.gap(i).strip() == now.gap(k).strip())
    )
