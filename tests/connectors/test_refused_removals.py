"""A workout that the service does not let go is the athlete's from then on."""

from syncd.connectors.base import Rejected
from syncd.connectors.delivery import DeliveryReport
from syncd.domain.delivery.actions import Remove
from syncd.domain.delivery.remote import LedgerState
from syncd.store import Store
from tests.connectors.contract import synchronise
from tests.connectors.test_delivery import ONE, CalendarSink, Service, kinds, states


def test_a_removal_that_was_rejected_is_not_asked_for_again(tmp_path):
    sink = CalendarSink(Service())
    with Store.open(tmp_path) as store:
        synchronise(sink, store, ONE)
        sink.service.faults = [("remove", Rejected("a plan of the coach holds it"), False)]
        assert kinds(synchronise(sink, store, {}).failed) == [(Remove, Rejected)]
        assert states(store) == [LedgerState.RELEASED]
        assert synchronise(sink, store, {}) == DeliveryReport()
    assert len(sink.service.entries) == 1
