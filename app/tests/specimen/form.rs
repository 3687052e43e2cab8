use super::Frame;
use app::ui::*;
use leptos::prelude::*;

/// A form that came back with errors.
#[component]
pub fn Form() -> impl IntoView {
    let errors = vec![
        ("email".to_string(), "Enter an email address like name@company.com".to_string()),
        ("partner_type".to_string(), "Choose the type of partnership".to_string()),
        ("terms".to_string(), "Accept the terms and conditions to go on".to_string()),
        (String::new(), "An application of this company is under review".to_string()),
    ];
    let steps = vec!["Your account".into(), "Company".into(), "Plans".into(), "Check".into()];
    view! {
        <Frame>
            <div class="content-narrow stack stack-loose">
                <PageHeader heading="Apply for the partner programme" description="It takes about ten minutes. You can leave and come back: what you typed is kept."/>
                <Steps label="Progress" steps current=1/>
                <ErrorSummary heading="There is a problem" errors/>
                <form class="form" novalidate>
                    <Fieldset legend="Your account" description="We write to this address about your application.">
                        <div class="form-grid">
                            <Input name="first_name" label="First name" autocomplete="given-name" value="Jördis" required=true/>
                            <Input name="last_name" label="Last name" autocomplete="family-name" required=true/>
                        </div>
                        <Input
                            name="email"
                            label="Email address"
                            kind=InputKind::Email
                            autocomplete="email"
                            value="joerdis@"
                            error="Enter an email address like name@company.com".to_string()
                        />
                        <Input name="password" label="Password" kind=InputKind::Password autocomplete="new-password" hint="At least 10 characters, any you like."/>
                        <Input name="code" label="Security code" kind=InputKind::Code size=8 maxlength=6/>
                    </Fieldset>
                    <Fieldset legend="Company details">
                        <Input name="company_name" label="Company name" autocomplete="organization" maxlength=200/>
                        <Input name="vat_id" label="VAT or registration number" marker="(optional)"/>
                        <div class="form-grid">
                            <Input name="postal_code" label="Postal code" size=10/>
                            <Select
                                name="country"
                                label="Country"
                                autocomplete="country"
                                placeholder="Choose a country"
                                options=vec![("DE".into(), "Germany".into()), ("AT".into(), "Austria".into())]
                                selected="AT"
                            />
                            <Input name="rate" label="Commission rate (%)" kind=InputKind::Number suffix="%" size=5 value="20"/>
                            <Input name="id" label="Application" value="A-2026-0117" readonly=true/>
                        </div>
                        <Radios
                            name="partner_type"
                            legend="Type of partnership"
                            hint="You can change this later."
                            error="Choose the type of partnership".to_string()
                            options=vec![
                                RadioOption::new("reseller", "Reseller").hint("You sell, bill and look after customers."),
                                RadioOption::new("referral", "Referral").hint("You bring customers and earn a commission."),
                            ]
                        />
                        <Radios
                            name="term"
                            legend="Term"
                            inline=true
                            selected="monthly"
                            options=vec![RadioOption::new("monthly", "Monthly"), RadioOption::new("yearly", "Yearly")]
                        />
                        <TextArea name="experience" label="Your experience" value="Ten years of mail.\n</textarea><script>alert(1)</script>"/>
                    </Fieldset>
                    <Checkbox
                        name="terms"
                        label="I accept the terms and conditions"
                        error="Accept the terms and conditions to go on".to_string()
                    >
                        <a href="/terms">"Read the terms"</a>
                    </Checkbox>
                    <Checkbox name="privacy" label="I have read the privacy notice" checked=true/>
                    <div class="form-actions">
                        <Button label="Submit" variant=ButtonVariant::Primary/>
                        <Button label="Save" busy=true/>
                        <Button label="Back" name="go" value="back" disabled=true/>
                        <LinkButton label="Cancel" href="/" variant=ButtonVariant::Quiet/>
                    </div>
                </form>
            </div>
        </Frame>
    }
    .into_any()
}
