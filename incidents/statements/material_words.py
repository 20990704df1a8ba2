"""
Words that make a change material, and when two words are one, differently spelled. Pure.

Without a dictionary, only what next to no two words differ in is spelling: a consonant doubled, or
a vowel missing where consonants then pile up, both inside longer words. Letters put for others or
in another order make words ("injected", "casual"), and so do single consonants ("contracted",
"medication", "vendrons") and endings.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# All folded: without accents and capitals. English and French together, for texts quote both.
NUMBERS: Final = _set("""
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
hundreds thousand thousands million millions billion billions dozen dozens once twice thrice
double triple single pair couple half halves quarter quarters third thirds first second fourth
fifth sixth seventh eighth ninth tenth eleventh twelfth hundredth thousandth percent percentage
un une deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt
vingts trente quarante cinquante soixante septante huitante octante nonante cent cents mille
milliard milliards dizaine dizaines douzaine quinzaine vingtaine trentaine quarantaine
cinquantaine centaine centaines millier milliers moitie tiers quart quarts demi demie premier
premiere premiers premieres seconde quadruple pourcent pourcentage
g kg mg gram grams gramme grammes kilo kilos kilogram kilograms l ml cl litre litres liter liters
km m cm mm metre metres meter meters tonne tonnes degree degrees degre degres euro euros dollar
dollars pound pounds
""")
ORDINAL: Final = re.compile(r"\w{3,}(?:iemes?|teenth|tieth)")
NEGATIONS: Final = _set("""
not no never none nobody nothing neither nor cannot without nowhere n't hardly barely scarcely
unless except only just merely non dont cant wont isnt arent wasnt werent doesnt didnt hasnt havent
shouldnt wouldnt couldnt ne n' pas plus jamais aucun aucune aucuns aucunes rien sans ni personne
guere nul nulle nullement seulement sauf hormis excepte uniquement
""")
DATES: Final = _set("""
january february march april may june july august september october november december jan feb mar
apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon
tue tues wed thu thur thurs fri sat sun today tomorrow yesterday tonight morning afternoon evening
night noon midday midnight now soon later immediately am pm day days week weeks month months year
years hour hours minute minutes ago since until before after within last next early earlier late
latest
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre janv fevr avr
juil lundi mardi mercredi jeudi vendredi samedi dimanche aujourd' hui aujourdhui demain hier matin
matinee midi soir soiree nuit minuit heure heures jour jours journee semaine semaines mois an
ans annee annees maintenant bientot immediatement depuis jusque jusqu' avant apres prochain
prochaine prochains prochaines dernier derniere derniers dernieres veille lendemain
""")
# Capitals in these are spelling, unless they are other words as well.
AMBIGUOUS_DATES: Final = _set("may march mar sun sat mars")
# May, must, some, more; and what a recall, an accident, a leak or a court turns on.
WEIGHTY: Final = _set("""
may might can could will 'll shall should must ought need would 'd is are was were be been being
has have had having 're 've 'm do does did some any all every each most many much few fewer several
both either more less least about around almost nearly approximately roughly over under possible
possibly probably likely perhaps maybe certain certainly apparently allegedly alleged suspected
potential potentially and or but if because think believe believed know known
peut peuvent pouvons pouvait pourra pourront pourrait pourraient peux doit doivent devons devra
devrait devront devraient faut est sont etait etaient etre ete sera seront serait seraient a ont
avait avaient avons aura auront aurait auraient avoir tout tous toute toutes chaque certaine
certains certaines quelques plusieurs peu beaucoup moins environ presque probable probablement
certainement possibles probables eventuel eventuelle eventuellement semble semblent suspecte
presume et ou mais si donc car
safe unsafe safer sale sales toxic tonic poison poisons poisoned poisson poissons dead death deaths
deadly die died dies dying kill killed ill illness hurt harm harmed harmful harmless injured
injuries injury victim victims patient patients child children minor major severe serious mild
health healthy danger dangers dangerous risk risks recall recalled recalls withdraw withdrawn
refund refunds refunded refuse refused refuses refute refuted accept accepted accepts except deny
denied admit admitted guilty liable liability fault faults cause caused causes causing prove proved
proven true false fake hacked leak leaked leaks stolen lost last least resign resigned fired hired
sorry regret allergen allergens allergy peanut peanuts walnut walnuts legal illegal lawful allow
allowed prevent prevented prescribe proscribe prosecute persecute customer's eat eats eaten heat
drink use used test tested tests positive negative contact content free fresh frozen raw cooked
confirm confirmed confirms affect affected effect lower higher increase decrease
lightening lightning
dessert desserts desert deserts plomb sur surs sure sures sains sain saine saines toxique toxiques tonique mort morts morte mortes
mortel mortelle mourir mot tort torts tue tues blesse blesses blessee blessees victime victimes
malade malades maladie grave graves gravite danger dangereux dangereuse risque risques rappel
rappels retrait retraits remboursement refus refuser refusons accepte acceptons excuse excuses
excusons regret regrets faute fautes cause causes coupable coupables responsable responsables vrai
vraie faux fausse vol vole voles volees fuite fuites suite suites dement dementi dementons demission
licencie licencies allergene allergenes allergie arachide arachides noix enfant enfants mineur
mineure mineurs majeur majeure legal legale legaux illegal interdit interdite autorise autorisee
manger mangez mange consommer consommez boire positif positive negatif negative infirme infirmee
confirme confirmee confirmer confirmes confirmees affirme affirmer condamne condamnee
""")
# A capital does not make these names, and they vouch for a capital at the start of a sentence.
FUNCTION: Final = _set("""
the a an to of in on at by for from with as it its this that these those there here we our us you
your they their them he his she her i my me who what when where which why how please thank thanks
dear if and or but so is are was were be has have had do does did will can may not no all any
our out up into than then also both each every some such very customers
le la les l' un une des du de d' au aux ce c' cet cette ces ceci cela ca se s' sa son ses leur leurs
nous notre nos vous votre vos il elle ils elles on je j' me m' te t' tu mon ma mes qui que qu' quoi
dont ou et en y a dans par pour sur sous avec sans vers chez entre si mais donc or ni car comme
quand lorsque lorsqu' puisque aussi ainsi est sont ont etre avoir ne n' pas plus tout tous toute
toutes merci madame monsieur mesdames messieurs cher chers chere cheres bonjour
""")
# A word left alone, or swallowed, that turns another round: "in correct", "un able", "re sign".
LOOSE: Final = _set("a an in un im il ir dis mis non re de mal anti ex en over under out up no all")
PREFIXES: Final = (
    "un",
    "in",
    "im",
    "il",
    "ir",
    "dis",
    "mis",
    "non",
    "anti",
    "de",
    "mal",
    "a",
    "ex",
)
# Without capitals and accents these are two words, as are those that end in "e" and "é".
MINIMAL_PAIRS: Final = _set("""
a ou du la des pres cru crus crue mur murs sur tache taches tacher tachons pecheur pecheurs pecher
pecheresse jeune jeunes pate pates sale sales peche peches cote cotes foie interne internes mais
foret forets matin hale acre gene genes gener colon colons notre votre crane cranes mole chasse
faite fut eut pret prete repartir repartis repartie reparti repartit reformer reforme recreer
recreation releve relever secrete arriere arrieres deferer differer bailler roder matiner chasser
""")
LATIN: Final = re.compile(r"[a-zA-ZÀ-ÖØ-öø-ÿĀ-İĲ-ķĹ-ňŊ-ž'-]+")
_VOWELS: Final = frozenset("aeiouy")
_SYLLABLE: Final = re.compile("[aeiouy]+")
_PILE: Final = re.compile("[^aeiouy]{3}")
_LEAST: Final = 8  # letters of the longer word


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Return a word without capitals and accents."""
    parts = unicodedata.normalize("NFD", word.casefold())
    bare = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    return bare.replace("œ", "oe").replace("æ", "ae")


def is_accent(old: str, new: str) -> bool:
    """Tell whether words that differ in accents and capitals alone are the same word."""
    was, is_ = old.lower().strip("'"), new.lower().strip("'")
    if was == is_:
        return True
    if {was.rstrip("s")[-1:], is_.rstrip("s")[-1:]} == {"e", "é"}:
        return False
    return folded(is_) not in MINIMAL_PAIRS | WEIGHTY


def flips(old: str, new: str) -> bool:
    short, long = sorted((old, new), key=len)
    return long.removesuffix(short) in PREFIXES


def is_spelling(old: str, new: str) -> bool:
    """Tell whether one letter came or went that makes no other word."""
    if not LATIN.fullmatch(old) or not LATIN.fullmatch(new):
        return False
    short, long = sorted((folded(old), folded(new)), key=len)
    if len(long) < _LEAST or len(long) != len(short) + 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if short[at:] != long[at + 1 :]:
        return False
    stem, letter, rest = long[:at], long[at], long[at + 1 :]
    if letter in _VOWELS:
        return _is_piled(stem, rest)
    return _is_twice(stem, letter, rest)


def _is_piled(stem: str, rest: str) -> bool:
    """Tell whether without its vowel a word has more consonants in a row than words do."""
    piled = _PILE.search(stem[-2:] + rest[:1]) or _PILE.search(stem[-1:] + rest[:2])
    return bool(piled and _SYLLABLE.search(stem)) and rest != "s"


def _is_twice(stem: str, letter: str, rest: str) -> bool:
    """
    Tell whether a consonant is written twice or once, within a word: "accomodate", "cheking".

    After the first vowel it may be another word ("scraping", "raped", "stoking"), and "s" and "r"
    tell words ("poison") and tenses ("mourrait") apart.
    """
    later = len(_SYLLABLE.findall(stem)) > 1
    if (letter, rest[:1]) == ("c", "k"):
        return later or stem.endswith("e")
    return later and stem[-1:] == letter not in "sr" and bool(rest)
