"""The receiving office: what arrived on paper, whether it is the paper of what was handed in, and who was filed for."""
