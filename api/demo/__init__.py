"""`gesta demo`: an order process from deployment to its history, driven over HTTP as any user of the server would."""
