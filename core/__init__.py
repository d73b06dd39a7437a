"""Bảng Vàng: the platform. It knows how a contest runs, and nothing about any one contest."""
