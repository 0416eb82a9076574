# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of where plugins that are no modules find the options that all plugins share."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragments ``keyfleet.cloud.connection_plugin`` and ``keyfleet.cloud.connection_plugin.variables``.

    Credentials have no entry in ansible.cfg: they belong into the places that ``keyfleet.cloud.connection`` names.
    """

    DOCUMENTATION = r"""
options:
  region:
    ini:
      - section: keyfleet
        key: region
  profile:
    ini:
      - section: keyfleet
        key: profile
  endpoint:
    ini:
      - section: keyfleet
        key: endpoint
  validate_certs:
    ini:
      - section: keyfleet
        key: validate_certs
  ca_path:
    ini:
      - section: keyfleet
        key: ca_path
  api_timeout:
    ini:
      - section: keyfleet
        key: api_timeout
  api_retries:
    ini:
      - section: keyfleet
        key: api_retries
  api_rate_share:
    ini:
      - section: keyfleet
        key: api_rate_share
"""

    VARIABLES = r"""
options:
  provider:
    env:
      - name: KEYFLEET_PROVIDER
    ini:
      - section: keyfleet
        key: provider
    vars:
      - name: keyfleet_provider
  region:
    vars:
      - name: keyfleet_region
  access_key_id:
    vars:
      - name: keyfleet_access_key_id
  access_key_secret:
    vars:
      - name: keyfleet_access_key_secret
  security_token:
    vars:
      - name: keyfleet_security_token
  profile:
    vars:
      - name: keyfleet_profile
  role_arn:
    vars:
      - name: keyfleet_role_arn
  role_session_name:
    vars:
      - name: keyfleet_role_session_name
  expected_account_id:
    vars:
      - name: keyfleet_expected_account_id
  endpoint:
    vars:
      - name: keyfleet_endpoint
  validate_certs:
    vars:
      - name: keyfleet_validate_certs
  ca_path:
    vars:
      - name: keyfleet_ca_path
  api_timeout:
    vars:
      - name: keyfleet_api_timeout
  api_retries:
    vars:
      - name: keyfleet_api_retries
  api_rate_share:
    vars:
      - name: keyfleet_api_rate_share
"""
