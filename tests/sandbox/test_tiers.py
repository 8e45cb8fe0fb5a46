"""Which fence is chosen, and what is said where none can be had."""

from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.processes import diagnosis, tier, tiers


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Hold, for each fence, why this machine is to refuse it."""
    reasons = dict.fromkeys(tiers.WORKS, "")
    monkeypatch.setattr(tiers, "trial", reasons.__getitem__)
    return reasons


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand for a setting of the kernel."""
    file = tmp_path / "setting"
    monkeypatch.setattr(tiers, "APPARMOR", str(file))
    monkeypatch.setattr(tiers, "SWITCHES", {str(file): "sudo sysctl setting=1"})
    return file


class TestTier:
    def test_the_strongest_that_works_is_chosen(self, refused: dict[str, str]) -> None:
        """bubblewrap comes first, then the kit's own namespaces, then Landlock."""
        chosen = [tier().name]
        for name in ("bubblewrap", "namespaces"):
            refused[name] = "refused"
            chosen.append(tier().name)

        assert ["bubblewrap", "namespaces", "landlock"] == chosen
        assert "Landlock" in tier().reason

    def test_without_any_nothing_is_marked(self, refused: dict[str, str]) -> None:
        """Where no fence can be made, marking is refused, with what to do."""
        refused.update(dict.fromkeys(refused, "no rights"))
        with pytest.raises(MachineError, match="no sandbox can be made on this machine: no rights"):
            tier()
        assert "marking uses: nothing, it is refused here" in diagnosis()

    def test_only_asking_for_it_goes_without(self, refused: dict[str, str]) -> None:
        """The name of the tier says for ever that there was no fence."""
        refused.update(dict.fromkeys(refused, "no rights"))
        assert "unsandboxed" == tier(unsandboxed=True).name


class TestDiagnosis:
    def test_it_says_what_works(self, refused: dict[str, str]) -> None:
        """One line for each fence, and which one marking uses."""
        refused["landlock"] = "the kernel has none"
        assert [
            "bubblewrap: yes",
            "namespaces: yes",
            "landlock: no, the kernel has none",
            "marking uses: bubblewrap",
        ] == diagnosis()

    def test_ubuntu_is_told_of_its_profile(self, refused: dict[str, str], switch: Path) -> None:
        """Where AppArmor forbids user namespaces, the profile to write is printed."""
        refused["bubblewrap"] = "setting up uid map: Permission denied"
        switch.write_text("1\n")
        assert any("/etc/apparmor.d/bwrap" in line for line in diagnosis())

    def test_a_switch_that_is_off_is_named(self, refused: dict[str, str], switch: Path) -> None:
        """Where user namespaces are off, the command that turns them on is printed."""
        refused["bubblewrap"] = "No space left on device"
        switch.write_text("0\n")
        assert any("sudo sysctl setting=1" in line for line in diagnosis())

    def test_a_missing_program_is_named(
        self, refused: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where bubblewrap is not installed, the command that installs it is printed."""
        refused["bubblewrap"] = "the program bwrap is not installed"
        monkeypatch.setenv("PATH", "")
        assert any("install bubblewrap" in line for line in diagnosis())


class TestTrial:
    @pytest.mark.parametrize("name", tiers.WORKS)
    def test_it_is_made_by_starting_a_child(self, name: str) -> None:
        """A fence counts as there when a child lived behind it; else a sentence says why not."""
        why_not = tiers.trial(name)
        if why_not:
            pytest.skip(f"no {name} on this machine: {why_not}")
        assert "" == why_not

    def test_without_the_program_there_is_no_bubblewrap(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The reason is given in words."""
        tiers.trial.cache_clear()
        monkeypatch.setenv("PATH", "")
        assert "the program bwrap is not installed" == tiers.trial("bubblewrap")
        tiers.trial.cache_clear()
