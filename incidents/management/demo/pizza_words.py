"""What Maison Verdier writes about the pizza, version after version."""

from __future__ import annotations

from typing import Final

HOLDING: Final = """We have seen a video of a piece of plastic in a Bella Quattro Formaggi pizza.

We are checking the lot with our plant in Laval. If you have this pizza at home, do not eat it and keep the box with its lot number.

You reach us free of charge on 0 800 000 700. Next update before {next_update}."""
HOLDING_X: Final = (
    "We have seen the video and are checking the lot with our plant. If you have a Bella Quattro "
    "Formaggi at home, do not eat it and keep the box. Free line: 0 800 000 700. "
    "Next update before {next_update}."
)

QUESTIONS: Final = """**What may I say?** That we are checking three lots of Bella Quattro Formaggi and that nobody should eat them.

**A customer found a piece.** Ask for the lot number, a picture and a telephone number. Offer the refund. Say that we call back within the hour.

**A customer was hurt.** Say that you are sorry, give 15 for medical advice, and call Julien Petit at once. Nobody waits in a queue with this.

**A journalist calls.** Thomas Nguyen answers the press; take the name, the paper and the deadline."""

UPDATE: Final = """Three lots of Bella Quattro Formaggi (L6061 to L6063) may contain hard pieces of blue plastic. We have stopped one line at our plant in Laval and informed the authorities.

Do not eat pizzas of these lots. Shops are taking them off the shelves now.

We speak again at {next_update}. Free line: 0 800 000 700."""
UPDATE_X: Final = (
    "Bella Quattro Formaggi, lots L6061 to L6063: do not eat them, hard pieces of plastic may be "
    "inside. Shops are taking them off the shelves. Free line: 0 800 000 700. "
    "We speak again at {next_update}."
)

RECALL_TITLE: Final = "Consumer recall notice"
RECALL_V1: Final = """**Recall of Bella Quattro Formaggi frozen pizza**

Maison Verdier is recalling three lots of Bella Quattro Formaggi frozen pizza (390 g): L6061 to L6063, best before 28 February 2027. A blade on our line may have left small pieces of plastic in these pizzas.

Do not eat them. Take the pizza back to the shop for a full refund.

One line at our Laval plant has been stopped, and the authorities have been informed.

Our customer service answers free of charge on 0 800 000 700, every day from 8:00 to 22:00."""
RECALL_V2: Final = """**Recall of Bella Quattro Formaggi frozen pizza**

Maison Verdier is recalling three lots of Bella Quattro Formaggi frozen pizza (390 g): L6061 to L6063, best before 28 February 2027. Small pieces of blue plastic may be in these pizzas.

Do not eat them. Keep the box and take the pizza back to the shop for a full refund. You do not need a receipt.

One line at our Laval plant has been stopped, and the authorities have been informed.

Our customer service answers free of charge on 0 800 000 700, every day from 8:00 to 22:00."""
RECALL_V3: Final = """**Recall of Bella Quattro Formaggi frozen pizza**

Maison Verdier is recalling four lots of Bella Quattro Formaggi frozen pizza (390 g): L6061 to L6064, best before 4 March 2027. Hard pieces of blue plastic were found in some of these pizzas.

Do not eat them. If someone has swallowed a piece and feels pain, call a doctor or dial 15. Keep the box and take the pizza back to the shop for a full refund. You do not need a receipt.

All production of Bella has been stopped, and the authorities have been informed. A child of 7 was slightly hurt in Rennes today; we are in contact with the family. We apologise if anyone has been affected.

Our customer service answers free of charge on 0 800 000 700, every day from 8:00 to 22:00."""
RECALL_X: Final = (
    "We are recalling four lots of Bella Quattro Formaggi (L6061 to L6064): pieces of hard plastic "
    "were found. Do not eat them; shops refund you without a receipt. Help: 0 800 000 700 and "
    "maisonverdier.example/bella"
)
RECALL_X_V2: Final = RECALL_X.replace("four lots", "three lots").replace("L6064", "L6063")
RECALL_SMS: Final = (
    "Maison Verdier recall: Bella Quattro Formaggi 390 g, lots L6061 to L6064. Hard plastic found. "
    "Do not eat. Refund in shops, no receipt. Free help: 0 800 000 700, daily 8-22"
)
RECALL_SMS_V2: Final = RECALL_SMS.replace("L6064", "L6063")

ANSWER: Final = """You ask since when we have known. The first video reached us this afternoon; we opened our crisis room within minutes and told people not to eat the pizza the same hour.

You ask whether other products are concerned. Bella is made on one line of its own. We are checking every product of that line and will say what we find."""
