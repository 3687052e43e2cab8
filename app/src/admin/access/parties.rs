//! *Who can touch us*: everybody who can see or change something of the organisation, now.

use crate::{
    admin::words,
    i18n,
    parts::terms::summary,
    t,
    ui::{Badge, Button, ButtonSize, ButtonVariant, Card, DataTable, Glyph, LinkButton, Tone},
};
use kontor::{
    delegation::{Party, PartyKind, Revocable},
    kernel::{id::OrgId, instant::Instant},
};
use leptos::prelude::*;

/// As what somebody can touch the organisation.
pub fn kind(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Own => t::access::kind_own(),
        PartyKind::Seller => t::access::kind_seller(),
        PartyKind::Access => t::access::kind_access(),
        PartyKind::BreakGlass => t::access::kind_break_glass(),
        PartyKind::Token => t::access::kind_token(),
    }
}

/// What they may do, in words.
pub fn may(party: &Party) -> String {
    let listed = summary(&party.capabilities);
    match party.kind {
        PartyKind::Own => t::access::own_may().to_owned(),
        PartyKind::Seller => t::access::seller_may().to_owned(),
        PartyKind::Token if listed.is_empty() => t::access::token_may().to_owned(),
        PartyKind::Token => format!("{}; {listed}", t::access::token_may()),
        PartyKind::Access | PartyKind::BreakGlass => listed,
    }
}

/// The table.
#[component]
pub fn Parties(
    /// The organisation.
    org: OrgId,
    /// Everybody.
    parties: Vec<Party>,
) -> impl IntoView {
    let export = move || {
        view! {
            <LinkButton label=t::access::export() href=format!("/admin/{org}/partner-access?format=csv")
                size=ButtonSize::Small icon=Glyph::Download rel="external"/>
        }
    };
    view! {
        <Card heading=t::access::parties() id="parties" aside=export>
            <p class="muted">{t::access::parties_text()}</p>
            <DataTable caption=t::access::parties() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::access::party()}</th>
                        <th scope="col">{t::access::party_what()}</th>
                        <th scope="col">{t::access::party_since()}</th>
                        <th scope="col">{t::access::party_until()}</th>
                        <th scope="col">{t::access::party_last()}</th>
                        <th scope="col"><span class="visually-hidden">{t::access::party_revoke()}</span></th>
                    </tr>
                </thead>
                <tbody>{parties.into_iter().map(|party| view! { <Line org party/> }).collect_view()}</tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Line(
    /// The organisation.
    org: OrgId,
    /// One of the parties.
    party: Party,
) -> impl IntoView {
    let what = may(&party);
    let role = party.role.map(|role| format!(" · {}", words::role(role)));
    let page = format!("/admin/{org}/partner-access");
    let revoke = party.revoke.map(|revoke| match revoke {
        Revocable::Grant(grant) => view! {
            <LinkButton label=t::access::party_revoke() size=ButtonSize::Small href=format!("{page}?revoke={grant}")/>
        }
        .into_any(),
        Revocable::Mapping(mapping) => view! {
            <LinkButton label=t::access::party_revoke() size=ButtonSize::Small href=format!("{page}?leave={mapping}")/>
        }
        .into_any(),
        Revocable::Token(token) => view! {
            <form method="post" action="/api/admin/withdraw_token">
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="token" value=token.to_string()/>
                <Button label=t::access::party_revoke() size=ButtonSize::Small variant=ButtonVariant::Quiet/>
            </form>
        }
        .into_any(),
    });
    // Minutes count where it is open for minutes.
    let until = match party.kind {
        PartyKind::BreakGlass => i18n::date_time,
        _ => |at: Instant| i18n::date(at.day()),
    };
    let tone = match party.kind {
        PartyKind::BreakGlass => Tone::Danger,
        PartyKind::Access => Tone::Info,
        _ => Tone::Neutral,
    };
    view! {
        <tr>
            <td>
                <span dir="auto">{words::actor(&party.name)}</span>
                {role}
                <br/>
                <Badge label=kind(party.kind) tone/>
            </td>
            <td>{what}</td>
            <td class="nowrap">{i18n::date(party.since.day())}</td>
            <td class="nowrap">
                {party.until.map_or_else(|| t::access::open_end().to_owned(), until)}
            </td>
            <td class="nowrap">
                {party.last_use.map_or_else(|| t::access::never_used().to_owned(), i18n::date_time)}
            </td>
            <td>{revoke}</td>
        </tr>
    }
    .into_any()
}

/// The table as a file: one party a line.
#[cfg(feature = "ssr")]
pub fn csv(parties: &[Party]) -> String {
    use kontor::mapping::csv_line;
    let head = [
        t::access::party(),
        t::access::party_as(),
        t::access::party_what(),
        t::access::party_since(),
        t::access::party_until(),
        t::access::party_last(),
    ];
    let line = |party: &Party| {
        let time = |at: Option<Instant>| at.map(i18n::date_time).unwrap_or_default();
        let (name, may) = (words::actor(&party.name), may(party));
        let (since, until, last) = (i18n::date_time(party.since), time(party.until), time(party.last_use));
        csv_line([name.as_str(), kind(party.kind), &may, &since, &until, &last])
    };
    csv_line(head) + &parties.iter().map(line).collect::<String>()
}
