"""Small parts that know nothing of crises: answers, refusals, the chain, the guards."""
