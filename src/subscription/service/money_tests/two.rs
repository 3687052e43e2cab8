//! Two who write money of one partner at the same moment do not stand in each other's way (on PostgreSQL, where they can).

use super::*;
use futures::future::join_all;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn payments_and_refunds_of_one_partner_at_once_end_in_true_books() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        scene.card(&scene.partner, "approve").await;
        let mut orgs = vec![scene.org];
        for n in 0..5 {
            orgs.push(stage::customer(&bench, &scene.partner, &format!("kunde-{n}.test")).await);
        }
        let mut forms = Vec::new();
        for org in &orgs {
            let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
            forms.push((*org, scene.form_for(&scene.partner, *org, buy).await));
        }
        let buys = forms.iter().map(|(org, form)| confirm(kontor, &scene.partner, *org, form));
        for done in join_all(buys).await {
            assert_eq!(done.unwrap().status, ChangeStatus::Applied, "{}", bench.name);
        }
        scene.sound().await;
        // Parts go back of all of them, and two of each at once.
        let paid = rows::<payment::Entity>(&bench).await;
        let backs: Vec<_> = paid
            .iter()
            .flat_map(|payment| (0..2).map(move |n| (payment.id, format!("refund-{}-{n}", payment.id))))
            .map(|(id, request_key)| {
                let reason = "goodwill".to_owned();
                (id, RefundForm { kind: "partial".into(), amount: "1".into(), reason, request_key })
            })
            .collect();
        let refunds = backs.iter().map(|(id, form)| payments::give_back(kontor, &scene.finance, *id, form));
        for done in join_all(refunds).await {
            done.unwrap();
        }
        let back: i64 = rows::<payment::Entity>(&bench).await.iter().map(|p| p.refunded).sum();
        assert_eq!(back, 6 * 200, "{}", bench.name);
        scene.sound().await;
    }
}
