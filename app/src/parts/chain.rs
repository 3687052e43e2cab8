//! What checking a chain found.

use crate::{
    i18n, t,
    ui::{Callout, Tone},
};
use kontor::audit::{ChainReport, Fault, FaultKind};
use leptos::prelude::*;

/// One fault, as a sentence.
fn fault(fault: Fault) -> String {
    let seq = i18n::number(fault.seq);
    match fault.kind {
        FaultKind::Missing { until } if until == fault.seq => t::audit::fault_missing_one(seq),
        FaultKind::Missing { until } => t::audit::fault_missing(seq, i18n::number(until)),
        FaultKind::Changed => t::audit::fault_changed(seq),
        FaultKind::OutOfPlace => t::audit::fault_out_of_place(seq),
        FaultKind::PastHead => t::audit::fault_past_head(seq),
        FaultKind::Head => t::audit::fault_head(seq),
        FaultKind::Unreadable => t::audit::fault_unreadable(seq),
    }
}

/// How far a chain is whole, or where it breaks.
#[component]
pub fn ChainFound(
    /// What was found.
    report: ChainReport,
) -> impl IntoView {
    if report.is_whole() {
        let last = i18n::number(report.last);
        let text = match report.after {
            0 => t::audit::whole(last),
            after => t::audit::whole_from(i18n::number(after + 1), last),
        };
        return view! {
            <Callout tone=Tone::Success live=true>
                <p>{text}</p>
                <p class="small">{t::audit::last_link()}": " <code class="wrap">{report.hash}</code></p>
            </Callout>
        }
        .into_any();
    }
    let count = report.faults.len() as i64 + i64::try_from(report.more).unwrap_or(i64::MAX / 2);
    let more =
        (report.more > 0).then(|| t::audit::more_faults(i64::try_from(report.more).unwrap_or(i64::MAX)));
    view! {
        <Callout tone=Tone::Danger live=true>
            <p>{t::audit::broken(count)}</p>
            <ul>{report.faults.into_iter().map(|one| view! { <li>{fault(one)}</li> }).collect_view()}</ul>
            {more.map(|text| view! { <p>{text}</p> })}
        </Callout>
    }
    .into_any()
}
