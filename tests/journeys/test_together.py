"""Two people at one text in two browsers: suggested, adopted, signed, merged, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.eye import Eye

pytestmark = pytest.mark.parametrize("desk_server", ["sqlite"], indirect=True)

WORDS = (
    "We have been told of **plastic fragments** in Bella pizza.\n\n"
    "We are checking lot L2231 now. We come back at six."
)
PICK = """([words]) => {
  const sheet = document.querySelector('.cd-sheet');
  const walker = document.createTreeWalker(sheet, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, at = node.data.indexOf(words);
    if (at < 0) { continue; }
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""


@pytest.fixture
def asked(sign_in: Any) -> tuple[Any, Any, str]:
    """Inès leads and wrote v1; Thomas leads communications and is asked to sign it."""
    ines = sign_in(acts.INES)
    room = acts.open_incident(ines, "A piece of plastic")
    acts.assess(ines, room, {"people_harmed": "none"}, "One complaint.")
    acts.assign(ines, room, {"communications_lead": "Thomas Nguyen"})
    thomas = sign_in(acts.THOMAS)
    acts.accept_role(thomas, room)
    statement = acts.begin_statement(ines, room, "Holding", kind="holding", channel="website")
    acts.write_draft(ines, WORDS)
    acts.save_version(ines, "First words")
    acts.submit(ines)
    return ines, thomas, statement


def pick(page: Any, words: str) -> None:
    """Select words of the text, as a mouse would."""
    assert page.evaluate(PICK, [words])
    page.wait_for_selector("#pointed:not([hidden])")


def test_a_signer_suggests_the_author_adopts_and_the_signer_signs(asked: Any) -> None:
    ines, thomas, statement = asked
    thomas.goto(f"{statement}decide/")
    pick(thomas, "checking lot L2231")
    thomas.click("#pointed [data-point=suggest]")
    assert thomas.input_value("#suggest [name=words]") == "checking lot L2231"
    thomas.fill("#suggest [name=wording]", "recalling lot L2231")
    thomas.fill("#suggest [name=why]", "Quality has decided")
    with thomas.expect_response("**/suggest/") as answer:
        thomas.click("#suggest button[type=submit]")
    assert answer.value.status == 204
    thomas.wait_for_selector("#said :text('Quality has decided')")
    hangs_on = "#said a[data-passage='checking lot L2231']"
    assert thomas.locator(hangs_on).count() == 1

    pick(thomas, "plastic fragments")
    thomas.click("#pointed [data-point=say]")
    thomas.fill("#say [name=text]", "Blue ones, says the picture.")
    with thomas.expect_response("**/comment/") as answer:
        thomas.click("#say button[type=submit]")
    assert answer.value.status == 204

    # The author's page follows by itself.
    ines.wait_for_selector("#said :text('Blue ones, says the picture.')")
    ines.locator("#said .cd-rows > li", has_text="Blue ones").get_by_text("Answer").click()
    ines.fill("#say [name=text]", "We say so.")
    ines.click("#say button[type=submit]")
    ines.wait_for_selector("#said :text('We say so.')")
    ines.bring_to_front()
    eye = Eye(ines)
    eye.look(everywhere=True)
    eye.verdict()
    ines.get_by_text("Beside the draft").first.click()
    ines.wait_for_selector("#decline-reason")
    eye.look(everywhere=False)
    eye.verdict()
    ines.goto(statement)
    with ines.expect_navigation():
        ines.click("#said button[name=save]")
    assert "recalling lot L2231" in ines.locator(".cd-sheet").inner_text()
    assert "“checking lot L2231” → “recalling lot L2231”" in ines.content()

    acts.approve(thomas, statement)
    panel = thomas.inner_text("#signoff-panel")
    assert "Thomas Nguyen approved v2" in panel  # whose words are in it: his right to sign is kept
    assert "Good to publish" in panel


def test_the_words_of_two_browsers_are_merged_and_nothing_is_lost(asked: Any) -> None:
    ines, thomas, statement = asked
    for page in (ines, thomas):
        page.goto(f"{statement}edit/")
    acts.write_draft(ines, WORDS.replace("L2231", "L2231 and L2232"))
    thomas.wait_for_selector("#presence :text('Inès Carvalho is editing')", timeout=30_000)
    mine = WORDS.replace("L2231", "L9999") + " Do not eat it."
    with thomas.expect_response("**/save-draft/") as answer:
        thomas.fill("#editor [name=text]", mine)
    assert answer.value.status == 409
    thomas.click("#editor [data-merge]")
    thomas.wait_for_selector("#merge")
    assert thomas.input_value("#mine") == mine
    assert thomas.input_value("#theirs") == WORDS.replace("L2231", "L2231 and L2232")
    thomas.bring_to_front()
    eye = Eye(thomas)
    eye.look(everywhere=True)
    eye.verdict()
    with thomas.expect_response("**/merge/") as answer:
        thomas.locator("#merge .cd-seg label", has_text="Inès Carvalho").first.click()
    assert answer.value.status == 200
    thomas.wait_for_function(
        "() => document.querySelector('#merge [name=text]').value.includes('L2231 and L2232')"
        " && !document.querySelector('#merge [name=text]').value.includes('L9999')"
    )
    assert thomas.input_value("#merge [name=text]").endswith("Do not eat it.")
    thomas.click("#merge .btn-primary")
    thomas.wait_for_url(f"{statement}edit/")
    kept = thomas.input_value("#editor [name=text]")
    assert kept == WORDS.replace("L2231", "L2231 and L2232") + " Do not eat it."
    assert thomas.locator("#editor .cd-kept").count() == 0
    thomas.goto(f"{statement}earlier/")
    assert thomas.locator("#kept-text").count() == 1
    eye.look(everywhere=False)
    eye.verdict()


def test_a_picture_goes_with_the_text_to_the_signer(asked: Any) -> None:
    ines, thomas, statement = asked
    ines.goto(f"{statement}edit/")
    picture = {"name": "box.gif", "mimeType": "image/gif", "buffer": GIF}
    ines.set_input_files("#attach-files", [picture])
    with ines.expect_response("**/attach/") as answer:
        ines.click("#attachments button[type=submit]")
    assert answer.value.status == 200
    ines.wait_for_selector("#attachments :text('box.gif')")
    acts.save_version(ines, "With the picture")
    thomas.goto(f"{statement}decide/")
    assert thomas.locator(".cd-attachment", has_text="box.gif").count() == 1
    acts.approve(thomas, statement)


GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00"
    b"\x01\x00\x00\x02\x02D\x01\x00;"
)
