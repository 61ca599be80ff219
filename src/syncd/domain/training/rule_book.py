"""What each rule id means, in one sentence for the runner, and where it comes from."""

from __future__ import annotations

from syncd.domain.training.planning_rules import PLANNING_RULES
from syncd.domain.training.rules.registry import RULES as ADAPTATION

RULES = {rule.id: f"{rule.does} ({rule.basis})" for rule in ADAPTATION} | PLANNING_RULES
