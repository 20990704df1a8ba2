"""
The roles, audiences and functions an installation starts with; editable afterwards.

Roles: (slug, English, French, duties in English, duties in French), one duty a line.
"""

from __future__ import annotations

from typing import Final

FUNCTIONS: Final[list[tuple[str, str, str]]] = [
    ("communications", "Communications", "Communication"),
    ("legal", "Legal", "Juridique"),
    ("marketing", "Marketing", "Marketing"),
    ("customer_service", "Customer service", "Service consommateurs"),
    ("executive", "Executive board", "Direction générale"),
    ("quality", "Quality and safety", "Qualité et sécurité"),
    ("hr", "Human resources", "Ressources humaines"),
    ("it", "IT and security", "Systèmes d’information"),
    ("finance", "Finance and investor relations", "Finance et relations investisseurs"),
    ("external", "Outside the company", "Hors de l’entreprise"),
]

AUDIENCES: Final[list[tuple[str, str, str, bool]]] = [
    ("victims", "Victims and families", "Victimes et familles", False),
    ("customers", "Customers", "Clients", False),
    ("public", "General public", "Grand public", False),
    ("employees", "Employees", "Salariés", True),
    ("employee_representatives", "Employee representatives", "Représentants du personnel", True),
    ("media", "Media", "Médias", False),
    ("influencers", "Influencers", "Influenceurs", False),
    ("retailers", "Retailers and partners", "Distributeurs et partenaires", False),
    ("investors", "Investors", "Investisseurs", False),
    ("authorities", "Authorities", "Autorités", False),
    ("insurers", "Insurers", "Assureurs", False),
    ("board", "Board", "Conseil d’administration", True),
]

# The roles whose sign-off belongs to one function. The others have none: a spokesperson, a
# social media lead or a data protection officer sits where the house puts them.
ROLE_FUNCTIONS: Final[dict[str, str]] = {
    "communications_lead": "communications",
    "legal_counsel": "legal",
    "executive_sponsor": "executive",
    "customer_care_lead": "customer_service",
    "quality_lead": "quality",
    "investor_relations": "finance",
    "hr_liaison": "hr",
    "it_liaison": "it",
}

ROLES: Final[list[tuple[str, str, str, str, str]]] = [
    (
        "crisis_lead",
        "Crisis lead",
        "Directeur de crise",
        "Decides and has decisions recorded with their why.\n"
        "Keeps severity, status and roles true.\nHands over after 8 hours at most.",
        "Décide, et fait consigner chaque décision avec son motif.\n"
        "Tient à jour gravité, statut et rôles.\nPasse le relais au bout de 8 heures au plus.",
    ),
    (
        "communications_lead",
        "Communications lead",
        "Responsable communication de crise",
        "Answers for every word that goes out.\nSigns statements first.\n"
        "Owns the promises made to each audience.",
        "Répond de chaque mot publié.\nVise les prises de parole en premier.\n"
        "Porte les points annoncés à chaque public.",
    ),
    (
        "spokesperson",
        "Spokesperson",
        "Porte-parole",
        "Speaks for the organisation, alone.\nKeeps to signed texts and lines to take.",
        "Parle seul au nom de l’organisation.\nS’en tient aux textes visés et aux éléments de langage.",
    ),
    (
        "social_media_lead",
        "Social media lead",
        "Responsable réseaux sociaux",
        "Drafts for social channels and records what is published.\n"
        "Watches the replies and stops scheduled posts.",
        "Rédige pour les réseaux sociaux et consigne ce qui est publié.\n"
        "Suit les réponses et arrête les publications programmées.",
    ),
    (
        "legal_counsel",
        "Legal counsel",
        "Juriste",
        "Reads the change and signs or refuses, with the reason.\n"
        "Decides legal duties.\nClassifies legal advice as privileged and names its readers.",
        "Lit ce qui a changé, puis vise ou refuse en disant pourquoi.\n"
        "Tranche les obligations légales.\n"
        "Classe les avis juridiques comme réservés et désigne leurs lecteurs.",
    ),
    (
        "customer_care_lead",
        "Customer care lead",
        "Responsable service consommateurs",
        "Gives the teams the wording they may use.\nReports harm at once.",
        "Donne aux équipes les formulations à employer.\nFait remonter aussitôt tout dommage.",
    ),
    (
        "monitoring_analyst",
        "Monitoring analyst",
        "Chargé de veille",
        "Follows mentions and says what moves.\nPre-fills reach and velocity.",
        "Suit les mentions et signale ce qui bouge.\nPréremplit portée et vitesse.",
    ),
    (
        "scribe",
        "Scribe",
        "Historien",
        "Keeps the timeline complete: what, when, who, why.\nMarks the key moments.",
        "Tient la main courante complète\u00a0: quoi, quand, qui, pourquoi.\nRepère les moments clés.",
    ),
    (
        "executive_sponsor",
        "Executive sponsor",
        "Dirigeant décideur",
        "Takes the decisions above the crisis lead.\nSigns every apology.",
        "Prend les décisions au-delà du directeur de crise.\nVise toutes les excuses.",
    ),
    (
        "quality_lead",
        "Quality and safety lead",
        "Responsable qualité et sécurité",
        "Establishes the facts about the product.\nSays what is confirmed and what is not.",
        "Établit les faits sur le produit.\nDit ce qui est confirmé et ce qui ne l’est pas.",
    ),
    (
        "recall_lead",
        "Recall lead",
        "Responsable rappel",
        "Runs the recall: lots, shops, homes, returns.",
        "Conduit le rappel\u00a0: lots, magasins, foyers, retours.",
    ),
    (
        "dpo",
        "Data protection officer",
        "DPO",
        "Decides the notifications about personal data.\nKeeps the register of breaches.",
        "Tranche les notifications liées aux données personnelles.\nTient le registre des violations.",
    ),
    (
        "investor_relations",
        "Investor relations",
        "Relations investisseurs",
        "Watches what the market must learn first.",
        "Veille à ce que le marché doit apprendre en premier.",
    ),
    (
        "internal_communications",
        "Internal communications",
        "Communication interne",
        "Sees that employees hear it from us, before the press.",
        "Veille à ce que les salariés l’apprennent par nous, avant la presse.",
    ),
    (
        "hr_liaison",
        "HR liaison",
        "Référent RH",
        "Cares for the people concerned inside the company.",
        "Accompagne les personnes concernées dans l’entreprise.",
    ),
    (
        "it_liaison",
        "IT and security liaison",
        "Référent SI",
        "Contains the intrusion and says what was reached.",
        "Contient l’intrusion et dit ce qui a été touché.",
    ),
    (
        "country_lead",
        "Country lead",
        "Responsable pays",
        "Adapts and relays for one country.",
        "Adapte et relaie pour un pays.",
    ),
]
