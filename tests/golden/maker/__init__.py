# SPDX-License-Identifier: MIT
"""What make.py is made of; see ../README.md."""
