use super::Frame;
use app::ui::*;
use leptos::prelude::*;

struct Customer {
    name: &'static str,
    domain: &'static str,
    admin: &'static str,
    plan: &'static str,
    state: (&'static str, Tone),
    verified: bool,
}

const CUSTOMERS: [Customer; 6] = [
    Customer {
        name: "Müller & Söhne GmbH",
        domain: "mueller-soehne.test",
        admin: "admin@mueller-soehne.test",
        plan: "Workplace Standard",
        state: ("Active", Tone::Success),
        verified: true,
    },
    Customer {
        name: "Bäckerei Zum goldenen Kringel",
        domain: "kringel.test",
        admin: "it@kringel.test",
        plan: "Workplace Standard",
        state: ("Trial", Tone::Info),
        verified: false,
    },
    Customer {
        name: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        domain: "a-very-long-domain-name-that-does-not-break-anywhere.example.test",
        admin: "first.name.and.a.very.long.last.name@a-very-long-domain-name.example.test",
        plan: "Workplace Professional",
        state: ("Expired", Tone::Danger),
        verified: true,
    },
    Customer {
        name: "Kanzlei Weber",
        domain: "weber-recht.test",
        admin: "office@weber-recht.test",
        plan: "Free",
        state: ("Free", Tone::Neutral),
        verified: true,
    },
    Customer {
        name: "شركة النور",
        domain: "alnoor.test",
        admin: "admin@alnoor.test",
        plan: "Workplace Standard",
        state: ("Suspended", Tone::Warning),
        verified: true,
    },
    Customer {
        name: "Tischlerei Hansen",
        domain: "hansen.test",
        admin: "hansen@hansen.test",
        plan: "Workplace Standard",
        state: ("Trial", Tone::Info),
        verified: true,
    },
];

fn card(customer: &'static Customer) -> impl IntoView {
    let trial = customer.state.0 == "Trial";
    view! {
        <article class="card" aria-label=customer.name>
            <div class="card-head">
                <h2 class="card-title" dir="auto">{customer.name}</h2>
                <span class="row">
                    {(!customer.verified).then(|| view! { <Badge label="Unverified" tone=Tone::Warning/> })}
                    <Badge label=customer.state.0 tone=customer.state.1/>
                </span>
            </div>
            <Facts>
                <Fact name="Domain">{customer.domain}</Fact>
                <Fact name="Super admin">{customer.admin}</Fact>
                <Fact name="Plan">{customer.plan}</Fact>
                <Fact name="Licences">"12 / 25"</Fact>
                <Fact name="Term">{if trial { "Trial" } else { "Yearly" }}</Fact>
                <Fact name="Renewal date"><time datetime="2026-11-30">"30 November 2026"</time></Fact>
            </Facts>
            <div class="card-actions">
                {trial.then(|| view! { <Button label="Extend trial" size=ButtonSize::Small/> })}
                <span class="reveal row">
                    {if customer.verified {
                        view! { <Button label="Manage" size=ButtonSize::Small variant=ButtonVariant::Primary/> }
                    } else {
                        view! { <Button label="Verify" size=ButtonSize::Small variant=ButtonVariant::Primary/> }
                    }}
                </span>
            </div>
        </article>
    }
}

/// A list of customers under somebody's management.
#[component]
pub fn Console() -> impl IntoView {
    let chip = |label: &'static str, count: &'static str, current| FilterChip {
        label: label.into(),
        count: Some(count.into()),
        href: format!("?status={label}").into(),
        current,
    };
    let chips = vec![
        chip("All", "1,000+", true),
        chip("Unverified", "14", false),
        chip("Trial", "112", false),
        chip("Active", "806", false),
        chip("Free", "40", false),
        chip("Expired", "19", false),
        chip("Suspended", "9", false),
    ];
    view! {
        <Frame acting=true pane=true>
            <div class="stack">
                <Breadcrumbs label="You are here" items=vec![("Partner Console".into(), "/a".into())] current="Manage customers"/>
                <PageHeader heading="Manage customers" description="Organisations that you look after.">
                    <LinkButton label="Export" href="?format=csv" icon=Glyph::Download/>
                    <LinkButton label="Add organisation" href="/new" icon=Glyph::Plus variant=ButtonVariant::Primary/>
                </PageHeader>
                <div class="row row-between">
                    <SearchBox
                        label="Search customers"
                        submit_label="Search"
                        action="/a"
                        placeholder="Organisation, domain or email"
                        keep=vec![("status".into(), "trial".into())]
                    />
                    <div class="segmented" role="group" aria-label="View">
                        <a href="?view=cards" aria-current="true"><Icon glyph=Glyph::Grid/><span class="visually-hidden">"Cards"</span></a>
                        <a href="?view=list"><Icon glyph=Glyph::List/><span class="visually-hidden">"List"</span></a>
                    </div>
                </div>
                <FilterChips label="Status" chips/>
                <div class="card-grid">{CUSTOMERS.iter().map(card).collect_view()}</div>
                <Pagination
                    label="Pages"
                    previous_label="Previous page"
                    next_label="Next page"
                    previous=Some("?before=x".to_string())
                    next=Some("?after=x".to_string())
                    summary="24 of 1,000+"
                />
            </div>
        </Frame>
    }
    .into_any()
}
