"""How Django itself writes and reads times, where no filter of ours does: in the administration."""
