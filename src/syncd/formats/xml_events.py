"""XML as the world writes it: streamed, mended where it is nearly right, and bounded where it is hostile.

Recordings come from thousands of programs. What they get wrong again and again is put right before the
parser sees it: encodings that are missing or wrong, byte-order marks, bare ampersands, control characters,
prefixes that nobody declared, several documents in one file. Comments and instructions are left out. There
are no entities but those of HTML, one character each: nothing grows, nothing is fetched.
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
MOST_ELEMENTS = 3_000_000  # real ones take 25 bytes and more, so 64 MB hold fewer
MOST_NAMES = 2_000  # different names of elements and attributes; real files have some fifty
MOST_MENDED = 1_000_000  # references, comments, instructions and bare brackets
LONGEST_TAG = 1 << 16
LONGEST_TEXT = 1_000  # of one element; the rest of it is left out

_CHUNK = 1 << 16
_ROOT = "all"  # around everything, so that several documents in one file are read
_FIVE = ("amp", "lt", "gt", "quot", "apos")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
# By Python's names: encodings of one or a few bytes a character, none that unpacks or calculates.
_KNOWN = re.compile(
    r"(iso8859|cp125|cp8|koi8|mac-|shift|euc|gb|big5|hz|iso2022|johab|tis|cp9|ptcp|kz).*", re.ASCII
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z]\w{1,31});)?", re.ASCII)
_LOOSE_BRACKET = re.compile(r"<(?!/?[A-Za-z_:\u00c0-\uffef])")
_SCHEMA = re.compile(r"""\sxmlns(?::[\w.-]*)?\s*=\s*(?:"[^"<]*"|'[^'<]*')""")
_SPECIAL = re.compile(r"<!--|<!\[CDATA\[|<\?|<!(?=[Dd][Oo][Cc][Tt])")
_UNTIL = {"<!--": "-->", "<![CDATA[": "]]>", "<?": ">", "<!": ">"}
_LONGEST_REFERENCE = 36


class CutShort(Exception):  # noqa: N818 - not an error of the caller: what came before it holds
    """The text ends, or is damaged, before the document does. `line` is where; `at_end`: nothing follows."""

    def __init__(self, line: int, *, at_end: bool) -> None:
        super().__init__(f"damaged XML (line {line})")
        self.line = line
        self.at_end = at_end


def decoded_head(data: bytes, length: int = 4096) -> str:
    """The beginning of a text, for a look at what it is; "" where it is none."""
    encoding, skip = _encoding_of(data[: 4 * length])
    head = data[skip : skip + 4 * length].decode(encoding, "replace").lstrip("\ufeff \t\r\n\0")[:length]
    return "" if len(_NO_TEXT.findall(head)) > _MOST_ODD * len(head) else head


_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_MOST_ODD = 0.3  # our default: of random bytes it is more than half


def root_of(head: str) -> str:
    """The local name of the first element in the beginning of a text, in lower case; "" without any."""
    found = _FIRST_ELEMENT.match(head)
    return found[1].rpartition(":")[2].lower() if found else ""


_FIRST_ELEMENT = re.compile(
    r"(?:[^<]+|<\?[^>]*>|<!--.*?-->|<!\[CDATA\[.*?\]\]>|<![A-Za-z][^>]*>|<(?=[^\w:?!]))*+<([\w:.-]+)",
    re.DOTALL,
)


def read_xml(data: bytes, began: Handler, ended: Handler) -> None:
    """Call the handlers with local names, in lower case, root to element, its text and attributes.

    Raises CutShort at the first damage that cannot be mended: everything before it has been handed over.
    Raises TrackError on a document type with declarations, and on what no recording holds.
    """
    _Reader(began, ended).read(_mended(_text_of(data)))


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

    def read(self, text: Iterator[str]) -> None:
        """All of it."""
        fed = 0
        at_end = False
        try:
            self._parser.Parse(f"<{_ROOT}>".encode(), False)
            self._parser.StartElementHandler = self._start
            for chunk in text:
                encoded = chunk.encode("utf-8", "replace")
                fed += len(encoded)
                self._parser.Parse(encoded, False)
                if fed - self._parser.CurrentByteIndex > 4 * (LONGEST_TAG + _CHUNK):
                    raise TrackError(f"a tag of more than {LONGEST_TAG:,} characters: no recording has one")
            at_end = True
            self._parser.Parse(f"</{_ROOT}>".encode(), True)
        except expat.ExpatError as error:
            raise CutShort(error.lineno, at_end=at_end) from None

    def _start(self, name: str, found: dict[str, str]) -> None:
        self._elements += 1
        if self._elements == 1:
            return  # the one around everything
        if len(self._path) >= DEEPEST:
            raise TrackError("nested too deeply to be a recording")
        if self._elements > MOST_ELEMENTS:
            raise TrackError(f"more than {MOST_ELEMENTS:,} elements: no recording has as many")
        names = self._names
        local = names.get(name) or self._local(name)
        attributes = {names.get(key) or self._local(key): value for key, value in found.items()}
        self._path.append(local)
        self._texts.append([])
        self._lengths.append(0)
        self._attributes.append(attributes)
        self._began(self._path, "", attributes)

    def _local(self, name: str) -> str:
        """A name without its prefix, the same object each time."""
        if len(self._names) >= MOST_NAMES:
            raise TrackError(f"more than {MOST_NAMES:,} kinds of elements: no recording has as many")
        local = self._names[name] = name.rpartition(":")[2].lower() or "_"
        return local

    def _characters(self, text: str) -> None:
        if self._texts and self._lengths[-1] < LONGEST_TEXT:
            self._texts[-1].append(text[:LONGEST_TEXT])
            self._lengths[-1] += len(text)

    def _end(self, _: str) -> None:
        if not self._path:
            return
        self._lengths.pop()
        self._ended(self._path, "".join(self._texts.pop()).strip(), self._attributes.pop())
        self._path.pop()


# --- encodings


def _encoding_of(data: bytes) -> tuple[str, int]:
    """The encoding that a text is in, and how many bytes of a mark come before it.

    A mark is believed, then zeros in the pattern of UTF-16, then that all of it can be read as UTF-8, then
    the declaration where the text can be read so; otherwise it is taken for UTF-8 with some bytes of
    Windows' western encoding, in which every byte means something.
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
    for encoding in ("utf-8", declared[1].decode("ascii") if declared else ""):
        if encoding and _reads_as(data, encoding):
            return encoding, 0
    return "utf-8", 0


def _reads_as(data: bytes, encoding: str) -> bool:
    """Whether all of it can be decoded so; a character cut off at the very end does not count."""
    try:
        name = codecs.lookup(encoding).name
        if name != "utf-8" and not _KNOWN.fullmatch(name.replace("_", "-")):
            return False
        decoder = codecs.getincrementaldecoder(encoding)()
        for at in range(0, len(data), _CHUNK):
            decoder.decode(data[at : at + _CHUNK])
    except (LookupError, UnicodeError, ValueError):
        return False
    return True


def _western(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, as Windows' western encoding has them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("syncd-western", _western)


def _text_of(data: bytes) -> Iterator[str]:
    """The text in pieces, without what programs leave before the first bracket."""
    encoding, skip = _encoding_of(data)
    errors = "syncd-western" if encoding == "utf-8" else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    started = False
    for at in range(skip, len(data), _CHUNK):
        text = decoder.decode(data[at : at + _CHUNK], at + _CHUNK >= len(data))
        if not started:
            text = text[text.find("<") :] if "<" in text else ""
            started = bool(text)
        if text:
            yield text


# --- mending


def _mended(pieces: Iterator[str]) -> Iterator[str]:
    """The text as the parser accepts it, in pieces."""
    mender = _Mender()
    for piece in pieces:
        if ready := mender.mended(piece):
            yield ready
    if ready := mender.mended("", last=True):
        yield ready


class _Mender:
    """Takes a text piece by piece; what may be the beginning of something waits for the next piece."""

    def __init__(self) -> None:
        self._rest = ""
        self._inside = ""  # how the comment, literal or instruction began that is being read
        self._mended = 0

    def mended(self, piece: str, *, last: bool = False) -> str:
        """What is ready of all that came."""
        text = self._rest + piece
        out: list[str] = []
        at = 0
        while at < len(text):
            if self._inside:
                at = self._step_over(text, at, last, out)
                if self._inside:
                    break
                continue
            special = _SPECIAL.search(text, at)
            end = special.start() if special else len(text) if last else _whole(text, at)
            out.append(self._plain(text[at:end]))
            at = end
            if special is None:
                break
            self._inside = special[0]
            at = special.end()
            self._count(1)
        self._rest = text[at:]
        if len(self._rest) > LONGEST_TAG:
            raise TrackError(f"a tag of more than {LONGEST_TAG:,} characters: no recording has one")
        return "".join(out)

    def _step_over(self, text: str, at: int, last: bool, out: list[str]) -> int:
        """The place behind a comment, literal or instruction, or as far as it is known to go."""
        until = _UNTIL[self._inside]
        end = text.find(until, at)
        stop = end if end >= 0 else len(text) if last else max(len(text) - len(until) + 1, at)
        if self._inside == "<!" and "[" in text[at:stop]:
            raise TrackError("declares a document type, which recordings never do: not read")
        if self._inside == "<![CDATA[":
            out.append(escape(_NOT_XML.sub(" ", text[at:stop])))
        if end < 0:
            return stop
        self._inside = ""
        return end + len(until)

    def _plain(self, text: str) -> str:
        text = _NOT_XML.sub(" ", text)
        if "&" in text:
            text, count = _REFERENCE.subn(_reference, text)
            self._count(count)
        if "xmlns" in text:
            text = _SCHEMA.sub("", text)
        text, count = _LOOSE_BRACKET.subn("&lt;", text)
        self._count(count)
        return text

    def _count(self, more: int) -> None:
        self._mended += more
        if self._mended > MOST_MENDED:
            raise TrackError(f"more than {MOST_MENDED:,} references and comments: no recording has as many")


def _whole(text: str, at: int) -> int:
    """Up to where nothing has begun that the next piece may go on with: a tag, a reference."""
    tag = text.rfind("<", at)
    if tag >= 0 and ">" not in text[tag:]:
        return tag
    reference = text.rfind("&", max(at, len(text) - _LONGEST_REFERENCE))
    return reference if reference >= 0 else len(text)


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
