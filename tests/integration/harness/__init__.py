# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""What the integration tests share: buses, daemons, clients. The fixtures in conftest.py hand them out."""
