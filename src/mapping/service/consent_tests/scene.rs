//! The people of these tests, and what is asked of them again and again.

use super::*;

/// Access to everything that can be delegated.
pub fn full() -> TermsForm {
    TermsForm { template: "full".into(), days: "365".into(), ..TermsForm::default() }
}

/// Two partners, a customer of the first, and the customer's super admin.
pub struct Play<'a> {
    pub bench: &'a Bench,
    pub north: Actor,
    pub alps: Actor,
    pub org: OrgId,
    pub boss: Actor,
}

impl<'a> Play<'a> {
    pub async fn set(bench: &'a Bench) -> Play<'a> {
        let (north, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
        let north = actor(bench, &owner, north).await;
        let (alps, owner) = partner(bench, "Alpen", PartnerType::Reseller).await;
        let alps = actor(bench, &owner, alps).await;
        let org = customer(bench, &north, "kunde.example").await;
        let boss = super_admin(bench, org).await;
        let boss = actor(bench, &boss, org).await;
        Play { bench, north, alps, org, boss }
    }

    pub async fn ask(&self, by: &Actor, email: &str) -> Result<crate::kernel::id::MappingRequestId, Error> {
        let request_key = self.bench.kontor.token();
        ask(&self.bench.kontor, by, &Ask { email: email.into(), note: "Grüezi".into(), request_key }).await
    }

    /// Does what is due about requests and notice.
    pub async fn work(&self) {
        const MINE: Kinds = Kinds::Only(&[JobKind::MappingRequest, JobKind::MappingNotice]);
        loop {
            let jobs = claim_of(&self.bench.kontor, MINE, 100).await.unwrap();
            if jobs.is_empty() {
                return;
            }
            for job in jobs {
                match job.kind {
                    JobKind::MappingRequest => request_clock(&self.bench.kontor, &job).await.unwrap(),
                    _ => notice_over(&self.bench.kontor, &job).await.unwrap(),
                }
            }
        }
    }

    /// Lets days pass, hour by hour.
    pub async fn days(&self, days: i64) {
        for _ in 0..days * 24 {
            self.bench.clock.set(self.bench.kontor.now().plus_hours(1));
            self.work().await;
        }
    }

    pub async fn partner(&self) -> Option<OrgId> {
        mapping::partner_of(self.bench.kontor.db.read(), self.org, Service::Workplace).await.unwrap()
    }

    pub async fn mapping(&self) -> crate::kernel::id::MappingId {
        mapping::active(self.bench.kontor.db.read(), vec![self.org]).await.unwrap().remove(0).id
    }

    pub async fn asked(&self) -> Vec<OrgId> {
        let seen = consents(&self.bench.kontor, &self.boss, None).await.unwrap();
        seen.questions.into_iter().map(|question| question.found.partner).collect()
    }

    pub async fn access(&self, partner: &Actor) -> Option<GrantStatus> {
        let row = grant::latest(self.bench.kontor.db.read(), self.org, partner.org).await.unwrap();
        row.map(|row| row.status)
    }

    pub async fn status(&self, by: &Actor) -> Vec<RequestStatus> {
        let page = map_page(&self.bench.kontor, by, None).await.unwrap();
        page.requests.into_iter().map(|request| request.status).collect()
    }

    pub async fn told(&self, to: &str) -> Vec<String> {
        let all = mails(self.bench).await.into_iter().filter(|mail| mail.0 == to);
        all.filter_map(|(_, mail)| match mail {
            Mail::MappingAsked { again, .. } => Some(if again { "reminded" } else { "asked" }),
            Mail::MappingDenied { .. } => Some("denied"),
            Mail::MappingLapsed { .. } => Some("lapsed"),
            Mail::CustomerMapped { access: true, .. } => Some("mapped with access"),
            Mail::CustomerMapped { .. } => Some("mapped"),
            Mail::PartnerMapped { .. } => Some("has a partner"),
            Mail::CustomerLeft { .. } => Some("left"),
            Mail::PartnerLeft { .. } => Some("without a partner"),
            Mail::PartnerLeaves { .. } => Some("notice"),
            Mail::PartnerStays { .. } => Some("stays"),
            _ => None,
        })
        .map(str::to_owned)
        .collect()
    }

    pub async fn sound(&self) {
        assert!(verify_counters(&self.bench.kontor).await.unwrap().is_clean(), "{}", self.bench.name);
        let active = rows::<mapping::Entity>(self.bench).await;
        let active =
            active.iter().filter(|row| row.org_id == self.org && row.status == MappingStatus::Active);
        assert!(active.count() <= 1, "{}", self.bench.name);
    }
}

/// The address of the customer's super admin.
pub const KIM: &str = "kim.kunde.example@mail.example";
