"""People, functions, teams, the catalogue of roles and audiences, and each team's journal."""
