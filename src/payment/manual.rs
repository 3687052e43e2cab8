//! Bank transfers and offline orders: nobody outside is asked, finance records what came.

use super::{
    Failure, PaymentStatus, RefundStatus,
    port::{
        ChargeOrder, ChargeOutcome, MethodFacts, PaymentPort, PortError, ProviderEvent, RefundOrder,
        RefundOutcome, SetupForm, SetupOrder, WebhookFault,
    },
};
use crate::kernel::instant::Instant;
use async_trait::async_trait;

/// Every charge and refund is under way until finance says otherwise.
pub struct Manual;

#[async_trait]
impl PaymentPort for Manual {
    async fn charge(&self, _order: &ChargeOrder) -> Result<ChargeOutcome, PortError> {
        Ok(ChargeOutcome::new(PaymentStatus::Processing, None))
    }
    async fn look_up(
        &self,
        order: &ChargeOrder,
        _provider_ref: Option<&str>,
    ) -> Result<Option<ChargeOutcome>, PortError> {
        self.charge(order).await.map(Some)
    }
    async fn cancel(
        &self,
        _order: &ChargeOrder,
        _provider_ref: Option<&str>,
    ) -> Result<ChargeOutcome, PortError> {
        Ok(ChargeOutcome::failed(Failure::Abandoned, None))
    }
    async fn refund(&self, _order: &RefundOrder) -> Result<RefundOutcome, PortError> {
        Ok(RefundOutcome { status: RefundStatus::Processing, provider_ref: None })
    }
    async fn begin_setup(&self, _order: &SetupOrder) -> Result<SetupForm, PortError> {
        Ok(SetupForm::Nothing)
    }
    async fn attach(&self, _owner: &str, _setup: &str) -> Result<MethodFacts, PortError> {
        Err(PortError::Refused("a transfer has no card".into()))
    }
    async fn detach(&self, _method: &str) -> Result<(), PortError> {
        Ok(())
    }
    fn parse_webhook(
        &self,
        _headers: &[(String, String)],
        _body: &[u8],
        _now: Instant,
    ) -> Result<Vec<ProviderEvent>, WebhookFault> {
        Err(WebhookFault::NotOffered)
    }
}
