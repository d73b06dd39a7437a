"""The public face: home, gallery, rules, news, results."""
