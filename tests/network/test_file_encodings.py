"""Encodings: said by the file, or given, or refused with how a word would read; never guessed."""

import pytest

import bayesnet
from bayesnet.errors import FormatError

BIF = """network n { }
variable NAME { type discrete [ 2 ] { YES, NO }; }
probability ( NAME ) { table 0.2, 0.8; }
"""
XML = """<?xml version="1.0" encoding="ENC"?><BIF><NETWORK><VARIABLE><NAME>NAME</NAME>
<OUTCOME>YES</OUTCOME><OUTCOME>NO</OUTCOME></VARIABLE><DEFINITION><FOR>NAME</FOR>
<TABLE>0.2 0.8</TABLE></DEFINITION></NETWORK></BIF>"""


def named(text: str, name: str, yes: str, no: str) -> str:
    return text.replace("NAME>NAME", f"NAME>{name}").replace("FOR>NAME", f"FOR>{name}").replace(
        " NAME ", f" {name} "
    ).replace("YES", yes).replace("NO,", no).replace("{ NO", f"{{ {no}").replace(
        " NO }", f" {no} }}"
    ).replace(">NO<", f">{no}<")  # fmt: skip


WORDS = {
    "gbk": ("疼痛", "有", "无"),
    "cp1252": ("café", "“ja”", "nein"),
    "shift_jis": ("腰痛", "はい", "いいえ"),
    "koi8-r": ("боль", "да", "нет"),
    "latin-1": ("smerte", "før", "efter"),
    "utf-16-le": ("douleur", "oui", "non"),
}


@pytest.mark.parametrize("encoding", WORDS)
def test_another_encoding_is_refused_with_its_place_and_read_when_given(encoding, tmp_path):
    path = tmp_path / "a.bif"
    name, yes, no = WORDS[encoding]
    path.write_bytes(named(BIF, name, yes, no).encode(encoding))
    with pytest.raises(FormatError, match=r"a\.bif:\d+:\d+: .*give its encoding \(encoding=, --"):
        bayesnet.read_network(path)
    network = bayesnet.read_network(path, encoding=encoding)
    assert network.names == (name,)
    assert network.states(name) == (yes, no)


def test_the_refusal_shows_how_the_word_would_read(tmp_path):
    (tmp_path / "a.bif").write_bytes(named(BIF, *WORDS["gbk"]).encode("gbk"))
    with pytest.raises(FormatError) as caught:
        bayesnet.read_network(tmp_path / "a.bif")
    assert "a.bif:2:10: this is not UTF-8; " in str(caught.value)
    assert "'疼痛' in gb18030" in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_says_what_it_is_needs_nothing_given(encoding, tmp_path):
    (tmp_path / "a.bif").write_bytes(named(BIF, "疼痛", "“ja”", "нет").encode(encoding))
    assert bayesnet.read_network(tmp_path / "a.bif").states("疼痛") == ("“ja”", "нет")


@pytest.mark.parametrize("encoding", ["gbk", "windows-1252", "ISO-8859-1", "utf-8", "Shift_JIS"])
def test_xml_is_read_as_it_declares(encoding, tmp_path):
    key = {"windows-1252": "cp1252", "ISO-8859-1": "latin-1", "Shift_JIS": "shift_jis"}
    name, yes, no = WORDS[key.get(encoding, "gbk")]
    content = named(XML.replace("ENC", encoding), name, yes, no).encode(encoding)
    (tmp_path / "a.xml").write_bytes(content)
    assert bayesnet.read_network(tmp_path / "a.xml").states(name) == (yes, no)


def test_xml_that_declares_what_it_is_not_is_refused(tmp_path):
    content = named(XML.replace("ENC", "US-ASCII"), "café", "y", "n").encode("cp1252")
    (tmp_path / "a.xml").write_bytes(content)
    with pytest.raises(FormatError, match=r":1:75: the file says it is US-ASCII, and is not; give"):
        bayesnet.read_network(tmp_path / "a.xml")
    assert bayesnet.read_network(tmp_path / "a.xml", encoding="cp1252").names == ("café",)


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "hex", "no\0", ""])
def test_an_encoding_that_is_none_is_refused(encoding, tmp_path):
    (tmp_path / "a.bif").write_text(named(BIF, "a", "y", "n"))
    if not encoding:
        assert bayesnet.read_network(tmp_path / "a.bif", encoding=encoding).names == ("a",)
        return
    with pytest.raises(FormatError, match="unknown encoding"):
        bayesnet.read_network(tmp_path / "a.bif", encoding=encoding)


def test_a_given_encoding_that_does_not_fit_is_placed(tmp_path):
    (tmp_path / "a.bif").write_bytes(named(BIF, "a", "før", "n").encode("latin-1"))
    with pytest.raises(FormatError, match=r"a\.bif:2:3\d: this is not in the encoding shift_jis"):
        bayesnet.read_network(tmp_path / "a.bif", encoding="shift_jis")
