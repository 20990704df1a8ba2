"""
Common words, and slips of the hand in them that make no other word. Pure.

Two letters the wrong way round make other words too easily ("casual", "trail", "untied") to be
taken for spelling without knowing the word that was meant. So it is known: these words alone are
put right, none of which becomes another word of English or French by such a slip. Nothing stands
here that a crisis turns on, and nothing with a neighbour: "complaints" ("compliants"), "there"
("three"), "planned" ("planed"), "entreprise" ("enterprise").
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
the their these please thank thanks thanked which other another through further across already
people family families customer customers consumer consumers company companies colleague colleagues
employee employees worker workers expert experts supplier suppliers journalist journalists
authority authorities government ministry department president director officer office offices
manufacturer manufacturers laboratory warehouse kitchen factory factories product products produced
produces production package packages packaging ingredient ingredients delivery deliveries delivered
delivering distribution distributed transport transported receipt receipts receive received
receives receiving purchase purchased purchases bought information inform informed informing
informs statement statements publish published publishing update updates updated question questions
answer answers answered answering website telephone address service services support business
process quality measure measures situation investigation investigations investigate investigating
inspection inspections inspected understand understanding concern concerned concerning continue
continues continued continuing working checking checked following remain remains remained returning
returned stopped shipped happened happening beginning occurred committed recommend recommended
necessary successful available together different important incident incidents problem problems
currently recently apologise apologize apologies sincerely detail details
informations informer informé informée informés informées informons informez client clients cliente
clientes clientèle consommateur consommateurs consommatrices produit produits magasin magasins
boutique boutiques fournisseur fournisseurs fabrication emballage emballages livraison livraisons
laboratoire entrepôt entrepôts rembourse remboursons rembourser remboursé remboursés réponse
réponses répond répondons répondre équipe équipes enquête enquêtes société communiqué communiqués
autorité autorités mesure mesures sécurité qualité adresse téléphone courriel ensemble toujours
auprès actuellement également notamment cependant toutefois concerne concernés concernées vérifions
vérification vérifications analyses travaillons collaborateurs salariés direction directeur
directrice ministère gouvernement journalistes disponible disponibles disposition remercions
compréhension confiance circonstances événement événements ingrédient ingrédients
"""
# As they are spelled, accents included; never as they are folded.
SPELLED: Final = frozenset(_WORDS.split())
_LEAST: Final = 5
_SHORT: Final = {("teh", "the")}


def is_slip(old: str, new: str) -> bool:
    """
    Tell whether a common word was mended: two inner letters of it the wrong way round, or one of
    its inner letters once instead of twice, or twice instead of once.
    """
    was, is_ = old.lower(), new.lower()
    if (was, is_) in _SHORT:
        return True
    if is_ not in SPELLED or was in SPELLED or len(is_) < _LEAST:
        return False
    if len(was) == len(is_):
        return was in _swapped(is_)
    return was in _once(is_) or is_ in _once(was)


def _swapped(word: str) -> set[str]:
    """Return the word with two adjacent inner letters the wrong way round, in every place."""
    places = range(1, len(word) - 2)
    return {f"{word[:n]}{word[n + 1]}{word[n]}{word[n + 2 :]}" for n in places} - {word}


def _once(word: str) -> set[str]:
    """Return the word with a double letter within it written once, in every place."""
    places = range(1, len(word) - 2)
    return {word[:n] + word[n + 1 :] for n in places if word[n] == word[n + 1]}
