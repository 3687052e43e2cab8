use super::Frame;
use app::ui::*;
use leptos::prelude::*;

fn verification(open: Signal<bool>) -> impl IntoView {
    let tab = |key: &'static str, label: &'static str| Tab {
        key: key.into(),
        label: label.into(),
        href: format!("?verify=kringel.test&method={key}").into(),
    };
    let tabs = vec![tab("txt", "TXT record"), tab("cname", "CNAME record"), tab("html", "HTML file")];
    view! {
        <Dialog id="verify" heading="Verify kringel.test" open close_href="?" close_label="Close">
            <Tabs id="method" label="Method" tabs selected="txt".to_string()>
                <div class="stack">
                    <p>"Add this record where the domain's DNS is managed. Then check."</p>
                    <Copyable id="host" label="Host" value="_kontor.kringel.test" copy_label="Copy" copied_label="Copied"/>
                    <Copyable
                        id="value"
                        label="Value"
                        value="kontor-verification=6gk3v2m7q5x4n9p8r1t0y6gk3v2m7q5x4n9p8r1t0y"
                        copy_label="Copy"
                        copied_label="Copied"
                    />
                    <Callout tone=Tone::Warning title="Record not found" live=true>
                        "The name server ns1.kringel.test answered without such a record."
                    </Callout>
                    <p class="small muted">"Last check: 23 November 2026, 12:40"</p>
                </div>
            </Tabs>
            <div class="dialog-foot">
                <LinkButton label="Cancel" href="?" variant=ButtonVariant::Quiet/>
                <Button label="Check now" variant=ButtonVariant::Primary/>
            </div>
        </Dialog>
    }
}

fn applications() -> impl IntoView {
    let rows = [
        ("Alpen Systems GmbH", "Austria", "In review", Tone::Info, "2", "1.204,00 €"),
        ("Hafen IT", "Germany", "Submitted", Tone::Neutral, "5", "90,00 €"),
        ("Studio Vega", "Spain", "Approved", Tone::Success, "–", "12.000,50 €"),
        ("Old & Late Ltd", "Ireland", "Waiting for answer", Tone::Danger, "−3", "0,00 €"),
    ];
    view! {
        <DataTable caption="Applications">
            <thead>
                <tr>
                    <th scope="col">"Company"</th>
                    <th scope="col">"Country"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col" class="num">"Days left"</th>
                    <th scope="col" class="num">"Volume"</th>
                </tr>
            </thead>
            <tbody>
                {rows.map(|(company, country, status, tone, days, volume)| view! {
                    <tr>
                        <th scope="row"><a href="/review/1">{company}</a></th>
                        <td>{country}</td>
                        <td><Badge label=status tone/></td>
                        <td class="num">{days}</td>
                        <td class="num">{volume}</td>
                    </tr>
                })}
            </tbody>
        </DataTable>
    }
}

/// A dashboard with one of everything else.
#[component]
pub fn Parts(
    /// Whether the dialog is open.
    #[prop(into)]
    open: Signal<bool>,
) -> impl IntoView {
    let toaster = Toaster::provide();
    toaster.show(Tone::Success, "Saved");
    toaster.offer(Tone::Info, "Trial extended to 14 December 2026", "Undo", Callback::new(|()| ()));
    view! {
        <Frame pane=true>
            <div class="stack stack-loose">
                {verification(open)}
                <PageHeader heading="Nordlicht IT" description="What needs you today." aside=|| view! { <Badge label="Reseller" icon=Glyph::Check tone=Tone::Info/> }/>
                <div class="stat-grid">
                    <Stat label="Customers" value="1,204" href="/a" note="+12 this month"/>
                    <Stat label="Trials ending" value="8" href="/b" tone=Tone::Warning note="in the next 7 days"/>
                    <Stat label="Renewals due" value="31" href="/c"/>
                    <Stat label="Unverified domains" value="3" href="/d" tone=Tone::Danger/>
                    <Stat label="Commission" value="€4,310.20"/>
                </div>
                <div class="split">
                    <div class="stack">
                        {applications()}
                        <EmptyState glyph=Glyph::Building heading="No customers yet" text="Add the first organisation, or import a list of them.">
                            <LinkButton label="Add organisation" href="/new" variant=ButtonVariant::Primary icon=Glyph::Plus/>
                            <LinkButton label="Import" href="/import"/>
                        </EmptyState>
                        <Skeleton kind=SkeletonKind::Cards(2) label="Loading customers"/>
                        <Skeleton kind=SkeletonKind::Lines(4) label="Loading"/>
                    </div>
                    <div class="stack">
                        <Card heading="Latest activity" id="activity" aside=|| view! { <a class="small" href="/log">"All"</a> }>
                            <ul class="timeline small">
                                <li><span>"Domain kringel.test verified"</span><time>"Today, 12:40"</time></li>
                                <li><span>"Trial of Tischlerei Hansen extended"</span><time>"Yesterday, 09:12"</time></li>
                            </ul>
                        </Card>
                        <Callout>"A review takes up to a week."</Callout>
                        <Callout tone=Tone::Success title="Domain verified">"You can manage the organisation now."</Callout>
                        <Callout tone=Tone::Warning>"This trial ends in three days."</Callout>
                        <Callout tone=Tone::Danger title="Payment refused">"The bank refused the card."</Callout>
                        <Callout tone=Tone::Neutral>"Nothing to do."</Callout>
                        <Card heading="Import" id="import">
                            <Progress id="import-bar" label="Importing customers" value=120.0 max=400.0 note="120 of 400".to_string()/>
                            <Progress id="check-bar" label="Checking domains"/>
                            <div class="row">
                                <Button label="Suspend" variant=ButtonVariant::Danger/>
                                <Button label="Revoke access" variant=ButtonVariant::Secondary/>
                            </div>
                        </Card>
                        <Facts wide=true>
                            <Fact name="Organisation">"Nordlicht IT"</Fact>
                            <Fact name="Tier">"Gold"</Fact>
                        </Facts>
                        <div class="row">{Glyph::ALL.map(|glyph| view! { <Icon glyph/> })}</div>
                    </div>
                </div>
                <ToastRegion dismiss_label="Dismiss"/>
            </div>
        </Frame>
    }
    .into_any()
}
