"""The services that the contract is tried on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.providers.services.aliyun import AliyunService
from tests.providers.services.gateway import GatewayService
from tests.providers.services.push import PushService
from tests.providers.services.tencent import TencentService
from tests.providers.services.twilio import TwilioService
from tests.providers.services.wechat import WeChatService
from tests.providers.services.wecom import WeComService
from tests.providers.stubs import Service, Stub, running

SERVICES = (
	AliyunService,
	TencentService,
	TwilioService,
	GatewayService,
	PushService,
	WeChatService,
	WeComService,
)


@pytest.fixture(params=SERVICES, ids=lambda service: service.name)
def service(request: pytest.FixtureRequest) -> Service:
	return request.param()


@pytest.fixture
def stub(service: Service) -> Iterator[Stub]:
	with running(service) as started:
		yield started
