# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who can log in, tried with OpenSSH's client: before, during and after a change of bindings on each cloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator import alibaba_client as alibaba
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import CLOSED, DENIED, IN, SshClient, new_key

LH, CVM, ECS = "lhins-00000000", "ins-00000000", "i-00000000000000000000"
LH_KEY, LH_OLD, CVM_KEY = "lhkp-00000new", "lhkp-00000old", "skey-00000new"
PASSWORD = "Example-password-1"


class Keys:
    """Two keys in files: ``new`` is to be bound, ``old`` is what some instances have."""

    def __init__(self, folder: Path) -> None:
        self.new, self.old = folder / "new", folder / "old"
        self.new_line, self.old_line = new_key(self.new), new_key(self.old)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def tencent(keys: Keys) -> Iterator[TencentCloud]:
    with tencent_cloud(
        key_pairs=[
            {"key_id": LH_KEY, "public_key": keys.new_line},
            {"key_id": LH_OLD, "public_key": keys.old_line},
            {"key_id": CVM_KEY, "public_key": keys.new_line},
        ]
    ) as cloud:
        yield cloud


def tencent_guest(cloud: TencentCloud, folder: Path, **instance: Any) -> SshClient:
    provider = "tencent_lighthouse" if instance["instance_id"] == LH else "tencent_cvm"
    cloud.emulator.seed({"instances": [{"provider": provider, "region": "ap-guangzhou", "ssh": True, **instance}]})
    return SshClient.of(folder, cloud.instance(instance["instance_id"]))


def later(cloud: TencentCloud | alibaba.AlibabaCloud, seconds: float) -> None:
    """Let time pass, and the SSH servers notice it."""
    cloud.clock.advance(seconds)
    cloud.emulator.state()


def test_lighthouse_online(tencent: TencentCloud, tmp_path: Path, keys: Keys) -> None:
    guest = tencent_guest(tencent, tmp_path, instance_id=LH, key_pairs=[LH_OLD])
    given = {"InstanceIds": [LH], "KeyIds": [LH_KEY]}
    assert [guest.with_key(keys.old), guest.with_key(keys.new)] == [IN, DENIED]

    tencent.lighthouse.ok("AssociateInstancesKeyPairs", **given, AssociateType="ONLINE", Username="ubuntu")
    assert [guest.with_key(keys.old), guest.with_key(keys.new, "ubuntu")] == [IN, DENIED]
    later(tencent, 1)
    assert [guest.with_key(keys.new, "ubuntu"), guest.with_key(keys.new, "root")] == [IN, DENIED]
    assert guest.with_key(keys.old) == DENIED, "a bind replaces, as the switch lighthouse_bind says"

    tencent.lighthouse.ok("DisassociateInstancesKeyPairs", **given, DisassociateType="ONLINE", Username="ubuntu")
    assert guest.with_key(keys.new, "ubuntu") == IN
    later(tencent, 1)
    assert guest.with_key(keys.new, "ubuntu") == DENIED


def test_lighthouse_offline_is_for_every_default_user(tencent: TencentCloud, tmp_path: Path, keys: Keys) -> None:
    guest = tencent_guest(tencent, tmp_path, instance_id=LH, ssh={"users": ["root", "ubuntu"]}, state="STOPPED")
    assert guest.with_key(keys.new) == CLOSED

    tencent.lighthouse.ok("AssociateInstancesKeyPairs", InstanceIds=[LH], KeyIds=[LH_KEY])
    later(tencent, 1)
    tencent.lighthouse.ok("StartInstances", InstanceIds=[LH])
    assert guest.with_key(keys.new) == CLOSED
    later(tencent, 1)
    assert [guest.with_key(keys.new, user) for user in ("root", "ubuntu", "admin")] == [IN, IN, DENIED]


def test_cvm_with_force_stop(tencent: TencentCloud, tmp_path: Path, keys: Keys) -> None:
    """The password counts before the first key is bound and after the last one is unbound."""
    guest = tencent_guest(tencent, tmp_path, instance_id=CVM, ssh={"password": PASSWORD})
    given = {"InstanceIds": [CVM], "KeyIds": [CVM_KEY], "ForceStop": True}
    assert [guest.with_key(keys.new), guest.with_password(PASSWORD)] == [DENIED, IN]

    tencent.cvm.ok("AssociateInstancesKeyPairs", **given)
    assert guest.with_password(PASSWORD) == CLOSED
    later(tencent, 3)
    assert [guest.with_key(keys.new), guest.with_password(PASSWORD)] == [IN, DENIED]

    tencent.cvm.ok("DisassociateInstancesKeyPairs", **given)
    assert guest.with_key(keys.new) == CLOSED
    later(tencent, 3)
    assert [guest.with_key(keys.new), guest.with_password(PASSWORD)] == [DENIED, IN]


def test_a_key_that_the_cloud_made(tencent: TencentCloud, tmp_path: Path) -> None:
    made = tencent.cvm.ok("CreateKeyPair", KeyName="made", ProjectId=0)["KeyPair"]
    private = tmp_path / "made"
    private.write_text(made["PrivateKey"], encoding="utf-8")
    private.chmod(0o600)
    guest = tencent_guest(tencent, tmp_path, instance_id=CVM, key_pairs=[made["KeyId"]])
    assert guest.with_key(private) == IN


def test_a_password_that_was_reset_on_tencent(tencent: TencentCloud, tmp_path: Path) -> None:
    guest = tencent_guest(tencent, tmp_path, instance_id=CVM, state="STOPPED", key_pairs=[CVM_KEY], password=False)
    tencent.cvm.ok("ResetInstancesPassword", InstanceIds=[CVM], Password=PASSWORD, UserName="admin")
    later(tencent, 1)
    tencent.cvm.ok("StartInstances", InstanceIds=[CVM])
    later(tencent, 1)
    assert [guest.with_password(PASSWORD, user) for user in ("admin", "root")] == [IN, DENIED]
    assert guest.with_password("Another-password-1", "admin") == DENIED


def test_a_guest_that_does_not_apply_keys(tencent: TencentCloud, tmp_path: Path, keys: Keys) -> None:
    guest = tencent_guest(tencent, tmp_path, instance_id=LH, key_pairs=[LH_OLD], guest_applies_keys=False)
    tencent.lighthouse.ok("AssociateInstancesKeyPairs", InstanceIds=[LH], KeyIds=[LH_KEY], AssociateType="ONLINE")
    later(tencent, 1)

    shown = tencent.lighthouse.ok("DescribeInstances", InstanceIds=[LH])["InstanceSet"][0]
    assert (shown["LoginSettings"], shown["LatestOperationState"]) == ({"KeyIds": [LH_KEY]}, "SUCCESS")
    assert tencent.instance(LH)["effective_key_pairs"] == [LH_OLD]
    assert tencent.login(LH)["users"] == {"root": [keys.old_line]}
    assert [guest.with_key(keys.new), guest.with_key(keys.old)] == [DENIED, IN]


def test_alibaba_attaching_lets_nobody_in_before_the_reboot(tmp_path: Path, keys: Keys) -> None:
    place = {"provider": "alibaba_ecs", "region": alibaba.REGION}
    with alibaba.alibaba_cloud() as cloud:
        cloud.emulator.seed(
            {
                "key_pairs": [
                    {**place, "name": "new", "public_key": keys.new_line},
                    {**place, "name": "old", "public_key": keys.old_line},
                ],
                "instances": [{**place, "instance_id": ECS, "key_pairs": ["old"], "password": False, "ssh": True}],
            }
        )
        guest = SshClient.of(tmp_path, cloud.instance(ECS))

        cloud.client.ok("AttachKeyPair", KeyPairName="new", InstanceIds=alibaba.ids(ECS))
        assert [guest.with_key(keys.old), guest.with_key(keys.new)] == [IN, DENIED]
        cloud.client.ok("RebootInstance", InstanceId=ECS)
        assert guest.with_key(keys.old) == CLOSED
        later(cloud, 2)
        assert [guest.with_key(keys.old), guest.with_key(keys.new)] == [DENIED, IN]

        cloud.client.ok("DetachKeyPair", KeyPairName="new", InstanceIds=alibaba.ids(ECS))
        cloud.client.ok("ModifyInstanceAttribute", InstanceId=ECS, Password=PASSWORD)
        assert [guest.with_key(keys.new), guest.with_password(PASSWORD)] == [IN, DENIED]
        cloud.client.ok("RebootInstance", InstanceId=ECS)
        later(cloud, 2)
        assert [guest.with_key(keys.new), guest.with_password(PASSWORD)] == [DENIED, IN]
