"""Slips of the hand in common words are typos; nothing that makes another word is."""

from __future__ import annotations

import pytest

from incidents.statements import material_slips as slips
from incidents.statements import material_words as words
from incidents.statements.material import Wording, reasons

MENDED = """
reciept/receipt infromed/informed productoin/production cusotmer/customer thier/their teh/the
recieved/received whcih/which stoped/stopped adress/address occured/occurred neccessary/necessary
remboursse/rembourse cleints/clients magaisns/magasins réopnse/réponse porduits/produits
éuqipes/équipes comuniqué/communiqué
"""
# Never a typo, in either direction.
DANGEROUS = """
fired/hired resumed/presumed can/cannot intended/extended untied/united trial/trail angel/angle
casual/causal diary/dairy marital/martial signe/singe march/charm board/broad quiet/quite form/from
sacred/scared conserve/converse complaint/compliant complaints/compliants there/three planned/planed
conservation/conversation filed/filled diner/dinner scraped/scrapped calvary/cavalry brake/break
ingested/injected salve/slave barely/barley refund/refnud dead/daed not/nto
chien/niche poisson/poison dessert/désert écran/nacre parti/patri vendre/rendre trois/tiros
verser/verres infecter/infester aimer/marie crane/carne entreprise/enterprise rappel/rapple
remboursé/rembourse informé/informe laboratoires/laboratories mardi/madri sans/snas jamais/jamias
2231/2213 L2231/L2213 23:30/23:03 Verdier/Vedrier Bella/Belal lundi/lunid avril/avirl
"""


def pairs(listed: str) -> list[tuple[str, str]]:
    found = [pair.partition("/") for pair in listed.split()]
    return [(one, other) for one, _, other in found]


def codes(was: str, is_: str) -> set[str]:
    found = reasons(Wording(was), Wording(is_), names=("Verdier", "Pizza Bella"))
    return {str(reason.code) for reason in found}


@pytest.mark.parametrize(("wrong", "right"), pairs(MENDED))
def test_a_slip_in_a_common_word_is_a_typo(wrong: str, right: str) -> None:
    assert codes(f"It says {wrong} here.", f"It says {right} here.") == set()


@pytest.mark.parametrize(("one", "other"), pairs(DANGEROUS))
def test_what_may_be_another_word_is_never_a_typo(one: str, other: str) -> None:
    assert codes(f"It says {one} here.", f"It says {other} here.")
    assert codes(f"It says {other} here.", f"It says {one} here.")


def test_a_slip_that_is_made_is_no_typo() -> None:
    assert codes("All customers were told.", "All cusotmers were told.") == {"words"}


def test_what_stays_elsewhere_in_the_text_was_meant() -> None:
    before = "Cleints is our brand. We told the cleints of it."
    assert codes(before, "Cleints is our brand. We told the clients of it.")
    assert codes(before.lower(), "cleints is our brand. we told the clients of it.") == {"words"}
    assert codes("The cleints and cleints.", "The clients and clients.") == set()


def test_a_capital_that_may_be_a_name_stays_one() -> None:
    assert codes("We told Cleints of it.", "We told Clients of it.") == {"name"}
    assert codes("Cleints are told.", "Clients are told.") == {"name"}


def test_the_first_and_the_last_letter_stay() -> None:
    assert codes("These ucstomers call.", "These customers call.") == {"words"}
    assert codes("These customesr call.", "These customers call.") == {"words"}


def test_no_common_word_weighs_and_no_slip_of_one_is_a_word_that_is_known() -> None:
    weighs = words.NUMBERS | words.NEGATIONS | words.DATES | words.WEIGHTY
    known = weighs | words.FUNCTION | words.MINIMAL_PAIRS
    folded = {words.folded(word) for word in slips.SPELLED}
    for word in slips.SPELLED:
        assert words.folded(word) not in weighs, word
        for wrong in slips._swapped(word) | slips._once(word):
            assert words.folded(wrong) not in known | folded - {words.folded(word)}, (word, wrong)
