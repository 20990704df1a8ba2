"""What others write the same evening, in French: for the telephones, the family, shops and staff."""

from __future__ import annotations

from typing import Final

QUESTIONS: Final = """**Que puis-je dire\u00a0?** Que nous contrôlons trois lots de Bella Quattro Formaggi et que personne ne doit en manger.

**Un client a trouvé un morceau.** Demandez le numéro de lot, une photo et un numéro de téléphone. Proposez le remboursement. Dites que nous rappelons dans l’heure.

**Un client s’est blessé.** Dites que vous êtes désolé, donnez le 15 pour un avis médical et appelez tout de suite Julien Petit. Personne n’attend en file avec cela.

**Un journaliste appelle.** Thomas Nguyen répond à la presse\u00a0; notez le nom, le journal et l’heure de bouclage."""

FAMILY: Final = """Madame, Monsieur,

Votre fils s’est blessé ce soir avec l’une de nos pizzas. Nous vous présentons nos excuses. Nous aurions dû vous éviter cela.

Nous prenons en charge la visite chez le médecin et toutes celles qui suivraient. Julien Petit, que vous avez eu au téléphone, vous rappelle demain à 9\u00a0h et reste joignable à toute heure au 0\u00a0800\u00a0000\u00a0700.

Vous saurez avant quiconque ce que le laboratoire aura trouvé.

Hélène Verdier"""

NOTICE: Final = """**Rappel de la pizza surgelée Bella Quattro Formaggi**

Maison Verdier rappelle trois lots de pizzas surgelées Bella Quattro Formaggi (390\u00a0g)\u00a0: L6061 à L6063, à consommer de préférence avant le 28\u00a0février 2027. De petits morceaux de plastique bleu peuvent se trouver dans ces pizzas.

N’en mangez pas. Gardez la boîte et rapportez la pizza au magasin\u00a0: vous êtes remboursé intégralement, sans ticket de caisse.

Une ligne de notre usine de Laval est arrêtée et les autorités sont informées.

Notre service consommateurs répond gratuitement au 0\u00a0800\u00a0000\u00a0700, tous les jours de 8\u00a0h à 22\u00a0h."""

SHOPS: Final = """Retirez dès maintenant de la vente le lot L6064 de Bella Quattro Formaggi (390\u00a0g), en plus des lots L6061 à L6063. Ne réapprovisionnez pas ce soir.

Isolez les boîtes en réserve, sans les détruire. Confirmez par retour de courriel le nombre de boîtes isolées.

Permanence\u00a0: 0\u00a0800\u00a0000\u00a0701, toute la nuit."""

STAFF: Final = {
    "ce qui est signalé": "des morceaux de plastique bleu ont été trouvés dans des pizzas Bella",
    "ce que nous savons": "quatre lots sont concernés et la ligne 3 est à l’arrêt",
    "contact": "Thomas Nguyen, poste 4410",
}
