"""XML as the world writes it: streamed, mended where it is nearly right, and bounded where it is hostile.

Recordings come from thousands of programs. What they get wrong again and again is put right before the parser sees
it: encodings that are missing or wrong, byte-order marks, bare ampersands, control characters, prefixes that nobody
declared. There are no entities but the five of XML: nothing grows, nothing is fetched.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from html.entities import html5
from xml.parsers import expat
from xml.sax.saxutils import escape

from syncd.formats.track import TrackError

Handler = Callable[[Sequence[str], str, dict[str, str]], None]

# Our defaults, all far above what recordings hold.
DEEPEST = 64  # real files nest about ten deep
MOST_ELEMENTS = 8_000_000  # six days at one point a second have 6 million
MOST_NAMES = 2_000  # different names of elements and attributes; real files have some fifty
LONGEST_TAG = 1 << 16
LONGEST_TEXT = 1 << 16  # of one element; the rest of it is left out

_CHUNK = 1 << 16
_FIVE = ("amp", "lt", "gt", "quot", "apos")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|(\w{1,32});)?")
_LITERAL = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_LOOSE_BRACKET = re.compile(r"<(?![A-Za-z_:/!?\u0080-\uffff])")
_LONGEST_REFERENCE = 36


class CutShort(Exception):  # noqa: N818 - not an error of the caller: what came before it holds
    """The text ends, or is damaged, before the document does. `line` is where."""

    def __init__(self, line: int) -> None:
        super().__init__(f"damaged XML (line {line})")
        self.line = line


def decoded_head(data: bytes, length: int = 4096) -> str:
    """The beginning of a text, for a look at what it is."""
    encoding, skip = _encoding_of(data)
    return data[skip : skip + length].decode(encoding, "replace").lstrip()


def read_xml(data: bytes, began: Handler, ended: Handler) -> None:
    """Call the handlers with the local names, in lower case, from the root to an element, its text and attributes.

    Raises CutShort at the first damage that cannot be mended: everything before it has been handed over. Raises
    TrackError on a document type, and on what no recording holds.
    """
    reader = _Reader(began, ended)
    reader.read(_mended(_text_of(data)))


class _Reader:
    """expat without namespaces, so that prefixes need no declaration, and with bounds."""

    def __init__(self, began: Handler, ended: Handler) -> None:
        self._began, self._ended = began, ended
        self._path: list[str] = []
        self._texts: list[list[str]] = []
        self._lengths: list[int] = []
        self._attributes: list[dict[str, str]] = []
        self._elements = 0
        self._names: dict[str, str] = {}
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = _refuse_document_type

    def read(self, text: Iterator[str]) -> None:
        """All of it."""
        try:
            for chunk in text:
                self._parser.Parse(chunk.encode("utf-8", "replace"), False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise CutShort(error.lineno) from None

    def _start(self, name: str, found: dict[str, str]) -> None:
        self._elements += 1
        if len(self._path) >= DEEPEST:
            raise TrackError("nested too deeply to be a recording")
        if self._elements > MOST_ELEMENTS:
            raise TrackError(f"more than {MOST_ELEMENTS:,} elements: no recording has as many")
        attributes = {self._local(key): value for key, value in found.items()}
        self._path.append(self._local(name))
        self._texts.append([])
        self._lengths.append(0)
        self._attributes.append(attributes)
        self._began(self._path, "", attributes)

    def _local(self, name: str) -> str:
        """A name without its prefix, the same object each time."""
        local = self._names.get(name)
        if local is None:
            if len(self._names) >= MOST_NAMES:
                raise TrackError(f"more than {MOST_NAMES:,} kinds of elements: no recording has as many")
            local = self._names[name] = name.rpartition(":")[2].lower()
        return local

    def _characters(self, text: str) -> None:
        if self._texts and self._lengths[-1] < LONGEST_TEXT:
            self._texts[-1].append(text)
            self._lengths[-1] += len(text)

    def _end(self, _: str) -> None:
        self._lengths.pop()
        self._ended(self._path, "".join(self._texts.pop()).strip(), self._attributes.pop())
        self._path.pop()


def _refuse_document_type(*_: object) -> None:
    raise TrackError("declares a document type, which recordings never do: not read")


def _encoding_of(data: bytes) -> tuple[str, int]:
    """The encoding that a text is in, and how many bytes of a mark come before it.

    A mark is believed, then zeros in the pattern of UTF-16, then the declaration where the text can be read so;
    otherwise UTF-8, or where it is none, Windows' western one, in which every byte means something.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:64]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le", 0
    if head[0::2].count(0) > len(head) // 4:
        return "utf-16-be", 0
    declared = _DECLARED.search(data[:400])
    named = declared[1].decode("ascii") if declared else "utf-8"
    for encoding in dict.fromkeys((named, "utf-8")):
        if _reads_as(data, encoding):
            return encoding, 0
    return "cp1252", 0


def _reads_as(data: bytes, encoding: str) -> bool:
    """Whether all of it can be decoded so; a character cut off at the very end does not count."""
    try:
        if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
            return False  # it would have shown
        decoder = codecs.getincrementaldecoder(encoding)()
        for at in range(0, len(data), _CHUNK):
            decoder.decode(data[at : at + _CHUNK])
    except (LookupError, UnicodeError, ValueError, AttributeError):
        return False
    return True


def _text_of(data: bytes) -> Iterator[str]:
    """The text in pieces, without what programs leave before the first bracket and behind the last."""
    encoding, skip = _encoding_of(data)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    started = False
    for at in range(skip, len(data), _CHUNK):
        text = decoder.decode(data[at : at + _CHUNK], at + _CHUNK >= len(data))
        if not started:
            text = text[max(text.find("<"), 0) :] if "<" in text else ""
            started = bool(text)
        if text:
            yield text


def _mended(pieces: Iterator[str]) -> Iterator[str]:
    """The text as the parser accepts it, in pieces that end outside of tags and references."""
    rest, first = "", True
    for piece in pieces:
        text = rest + piece
        whole = max(text.rfind(">"), 0)
        tail = text[whole:]
        if len(tail) > LONGEST_TAG and "<" in tail:
            raise TrackError(f"a tag of more than {LONGEST_TAG:,} characters: no recording has one")
        if "<" not in tail:  # a long text: keep only what may be the beginning of a reference
            whole = max(whole, len(text) - _LONGEST_REFERENCE)
        ready, rest = text[:whole], text[whole:]
        if ready:
            yield _mended_piece(ready, first)
            first = False
    if rest:
        yield _mended_piece(rest, first)


_DECLARATION = re.compile(r"^<\?xml[^>]*\?>", re.ASCII)


def _mended_piece(text: str, first: bool) -> str:
    if first:
        text = _DECLARATION.sub(
            "", text, count=1
        )  # its encoding is no longer true, nor its version of interest
    text = _NOT_XML.sub(" ", text)
    if "<![CDATA[" in text:
        text = _LITERAL.sub(lambda found: escape(found[1]), text)
    if "&" in text:
        text = _REFERENCE.sub(_reference, text)
    return _LOOSE_BRACKET.sub("&lt;", text)


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        fits = (
            code in (9, 10, 13)
            or 32 <= code < 0xD800
            or 0xE000 <= code < 0xFFFE
            or 0x10000 <= code < 0x110000
        )
        return found[0] if fits else " "
    if name in _FIVE:
        return found[0]
    if name is not None:
        return escape(html5.get(f"{name};", f"&{name};"))
    return "&amp;"
