//! `/apply/status/{token}`: where an application stands, questions and answers, withdrawing.

use super::api;
use crate::{
    data::Data,
    form::{FormView, Problems, plain_form},
    i18n,
    parts::{choice, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Dialog, Fact, Facts, LinkButton, PageHeader,
        Steps, Text, TextArea, Tone,
    },
    wire::me,
};
use kontor::application::{
    ApplicationStatus, MessageKind,
    standing::{ApplicationStanding, Message},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/apply/status/{token}`
#[component]
pub fn StatusPage() -> impl IntoView {
    let params = use_params_map();
    let token = move || params.with(|p| p.get("token").unwrap_or_default());
    let standing = Data::new(token, api::standing);
    view! {
        <Title text=t::apply::status_title()/>
        <main id="content" class="content content-narrow stack stack-loose">
            <Loaded resource=standing view=|standing| view! { <Standing standing/> }.into_any()/>
        </main>
    }
}

#[component]
fn Standing(
    /// Where it stands.
    standing: ApplicationStanding,
) -> impl IntoView {
    let token = use_params_map().with_untracked(|p| p.get("token").unwrap_or_default());
    let status = standing.status;
    let answer = plain_form("/api/apply/answer");
    let withdraw = plain_form("/api/apply/withdraw");
    let badge = move || view! { <Badge label=choice::status(status) tone=choice::status_tone(status)/> };
    let can_withdraw = standing.can_withdraw();
    let can_answer = standing.can_answer();
    let steps: Vec<Text> =
        vec![t::apply::step_sent().into(), t::apply::step_review().into(), t::apply::step_decision().into()];
    let current = match status {
        ApplicationStatus::Unconfirmed => 0,
        ApplicationStatus::Submitted | ApplicationStatus::InReview | ApplicationStatus::WaitingForAnswer => 1,
        _ => 3,
    };
    view! {
        <PageHeader heading=t::apply::status_title() description=standing.company_name.clone() aside=badge/>
        <Problems form=answer/>
        <Problems form=withdraw/>
        {(status != ApplicationStatus::Withdrawn).then(|| view! {
            <Steps label=t::apply::status_label() steps current=Signal::stored(current)/>
        })}
        <Saying standing=standing.clone()/>
        <Facts wide=true>
            <Fact name=t::apply::sent_on()>{i18n::date_time(standing.created_at)}</Fact>
            {standing.submitted_at.map(|at| view! {
                <Fact name=t::apply::submitted_on()>{i18n::date_time(at)}</Fact>
            })}
            {standing.due.filter(|_| status.is_open()).map(|due| view! {
                <Fact name=t::apply::due_on()>{i18n::date(due)}</Fact>
            })}
            {standing.decided_at.map(|at| {
                let name = match status {
                    ApplicationStatus::Withdrawn => t::apply::closed_on(),
                    _ => t::apply::decided_on(),
                };
                view! { <Fact name=name>{i18n::date_time(at)}</Fact> }
            })}
        </Facts>
        <Thread thread=standing.thread/>
        {can_answer.then(|| view! { <Answer form=answer token=token.clone()/> })}
        {can_withdraw.then(|| view! { <Withdraw token/> })}
    }
}

/// What the state means for the applicant, and what comes next.
#[component]
fn Saying(
    /// Where it stands.
    standing: ApplicationStanding,
) -> impl IntoView {
    let due = standing.due.map(i18n::date).unwrap_or_default();
    match standing.status {
        ApplicationStatus::Unconfirmed => view! {
            <Callout tone=Tone::Warning>
                <div class="stack">
                    <p>{t::apply::unconfirmed_text()}</p>
                    {me().email.is_some().then(|| view! {
                        <form method="post" action="/api/account/resend_confirmation">
                            <Button label=t::apply::resend() size=ButtonSize::Small/>
                        </form>
                    })}
                </div>
            </Callout>
        }
        .into_any(),
        ApplicationStatus::Submitted => view! { <p>{t::apply::submitted_text(due)}</p> }.into_any(),
        ApplicationStatus::InReview => view! { <p>{t::apply::in_review_text(due)}</p> }.into_any(),
        ApplicationStatus::WaitingForAnswer => {
            view! { <Callout tone=Tone::Warning>{t::apply::waiting_text()}</Callout> }.into_any()
        }
        ApplicationStatus::Approved => view! {
            <Callout tone=Tone::Success>
                <div class="stack">
                    <p>{t::apply::approved_text()}</p>
                    <p><LinkButton label=t::shell::store() href="/store" variant=ButtonVariant::Primary/></p>
                </div>
            </Callout>
        }
        .into_any(),
        ApplicationStatus::Rejected => view! {
            <Callout tone=Tone::Danger>
                <div class="stack stack-tight">
                    <p>{t::apply::rejected_text()} " " {standing.reject_reason.map(|r| format!("{}.", choice::reason(r)))}</p>
                    {standing.reject_note.map(|note| view! { <p class="keep-lines">{note}</p> })}
                    {standing.reapply_on.map(|on| view! { <p>{t::apply::reapply_from(i18n::date(on))}</p> })}
                </div>
            </Callout>
        }
        .into_any(),
        ApplicationStatus::Withdrawn => view! {
            <Callout>
                <p>{t::apply::withdrawn_text()} " " <a href="/apply">{t::shell::apply()}</a></p>
            </Callout>
        }
        .into_any(),
    }
}

#[component]
fn Thread(
    /// Questions and answers.
    thread: Vec<Message>,
) -> impl IntoView {
    (!thread.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="thread">
                <h2 id="thread">{t::apply::thread_heading()}</h2>
                <ol class="stack list-plain">
                    {thread.into_iter().map(|message| {
                        let author = match message.kind {
                            MessageKind::Answer => message.author.unwrap_or_default(),
                            _ => t::apply::programme_team().to_owned(),
                        };
                        view! {
                            <li class="card stack-tight">
                                <p class="muted small">
                                    <strong>{choice::message(message.kind)}</strong> ", " {author} ", "
                                    {i18n::date_time(message.at)}
                                </p>
                                <p class="keep-lines">{message.body}</p>
                            </li>
                        }
                    }).collect_view()}
                </ol>
            </section>
        }
    })
}

#[component]
fn Answer(
    /// The form.
    form: FormView,
    /// The token of this page.
    token: String,
) -> impl IntoView {
    view! {
        <form class="form" method="post" action="/api/apply/answer" novalidate>
            <input type="hidden" name="token" value=token/>
            <TextArea name="answer" label=t::field::answer() value=form.value("answer") error=form.error("answer")
                required=true/>
            <div><Button label=t::apply::send_answer() variant=ButtonVariant::Primary/></div>
        </form>
    }
}

/// Withdrawing asks once more and says what is lost.
#[component]
fn Withdraw(
    /// The token of this page.
    token: String,
) -> impl IntoView {
    let query = use_query_map();
    let open = Signal::derive(move || query.with(|q| q.get("withdraw").is_some()));
    let here = format!("/apply/status/{token}");
    let close = here.clone();
    view! {
        <p><LinkButton label=t::apply::withdraw() href=format!("{here}?withdraw=ask") variant=ButtonVariant::Quiet/></p>
        <Dialog id="withdraw" heading=t::apply::withdraw_title() open close_href=Signal::stored(close)
            close_label=t::shell::close()>
            <p>{t::apply::withdraw_text()}</p>
            <form class="dialog-foot" method="post" action="/api/apply/withdraw">
                <input type="hidden" name="token" value=token/>
                <LinkButton label=t::shell::cancel() href=here/>
                <Button label=t::apply::withdraw() variant=ButtonVariant::Danger/>
            </form>
        </Dialog>
    }
}
