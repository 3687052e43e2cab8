//! Fields that let a call be read, so that the answer is about access and not about its shape.

/// Further fields of a call, besides its ids.
pub fn of(path: &str) -> &'static str {
    match path {
        "/api/account/sign_up" | "/api/account/sign_in" => "email=x&password=x",
        "/api/account/sign_in_code" | "/api/account/confirm_second_factor" => "code=x",
        "/api/account/confirm_email" => "token=x",
        "/api/account/request_reset" => "email=x",
        "/api/account/reset_password" | "/api/account/activate" => "token=x&new_password=a-good-long-one",
        "/api/account/change_password" => "password=x&new_password=x",
        "/api/account/drop_second_factor" => "password=x",
        "/api/account/begin_passkey" => "passkey_name=x",
        "/api/account/add_passkey" | "/api/account/use_passkey" => "token=x&credential=x",
        "/api/account/ask_passkey" => "purpose=sign_in",
        "/api/account/set_language" => "language=en",
        "/api/account/set_theme" => "theme=dark",
        "/api/admin/add_domain" | "/api/admin/remove_domain" | "/api/admin/domain_proof" => {
            "domain=example.org"
        }
        "/api/admin/verify_domain" | "/api/admin/verify_customer_domain" => "domain=example.org&method=txt",
        "/api/admin/customer_domain_proof" => "domain=example.org",
        "/api/admin/new_mail_key" => "version=1",
        "/api/admin/save_mail" => "version=0&attachment_mb=10&keep_days=30",
        "/api/admin/change_role" => "version=1&role=user",
        "/api/admin/hand_over"
        | "/api/admin/delete_user"
        | "/api/admin/give_licence"
        | "/api/admin/take_licence" => "version=1",
        "/api/admin/make_group" => "request_key=long-enough",
        "/api/admin/edit_group" => "version=1&group_name=Changed",
        "/api/admin/suspend_user" | "/api/admin/restore_user" | "/api/admin/edit_profile" => "version=1",
        "/api/admin/leave_partner" | "/api/store/release_customer" => "shown=1999-12-31",
        "/api/admin/answer_partner" => "answer=deny",
        "/api/admin/answer_access" => "answer=decline",
        "/api/admin/give_access" => "partner=org_00000000000000000000000001&template=full&days=30",
        "/api/admin/change_access" => "version=1&template=full&days=30",
        "/api/store/ask_access" => "template=full&days=30",
        "/api/vendor/break_glass" => "reason=The+matrix+wants+in&template=helpdesk&minutes=5",
        "/api/store/ask_customer" => "request_key=long-enough",
        "/api/vendor/decide_dispute" => "version=1&decision=upheld&reason=All+stays+as+it+is",
        "/api/admin/choose_partner" => "partner=org_00000000000000000000000001&partner_code=NOBODYHASIT",
        "/api/store/change_code" => "version=7",
        "/api/store/use_token" => "customer_token=nobody-has-this-token",
        "/api/store/change_person" => "version=1&role=partner-sales",
        "/api/store/suspend_person" | "/api/store/restore_person" | "/api/store/edit_role" => "version=1",
        "/api/admin/save_provider"
        | "/api/admin/remove_provider"
        | "/api/settings/save_provider"
        | "/api/settings/remove_provider" => "version=1",
        "/api/settings/suspend_staff" | "/api/settings/restore_staff" => "version=1",
        "/api/settings/set_price" => "item=standard&term=yearly&currency=EUR",
        "/api/settings/set_limits" => "plan=standard",
        "/api/settings/withdraw_limits" => "plan=standard&valid_from=2026-01-01",
        "/api/settings/save_entity" | "/api/admin/save_billing" => "version=0",
        "/api/settings/change_setting" => "key=trial_days&was=15&value=15&default=",
        "/api/admin/extend_trial" => "request_key=x",
        "/api/admin/add_organisation" => "step=organisation",
        "/api/apply/standing" | "/api/apply/answer" | "/api/apply/withdraw" => "token=x",
        "/api/demo/publish_record" | "/api/demo/remove_record" => "method=txt&record_name=x&record_value=x",
        "/api/review/assign" | "/api/review/ask" | "/api/review/approve" | "/api/review/reject" => {
            "version=1"
        }
        "/api/store/approve_change"
        | "/api/store/decline_change"
        | "/api/store/undo_change"
        | "/api/admin/approve_change"
        | "/api/admin/decline_change"
        | "/api/admin/undo_change" => "change_version=1",
        "/api/store/confirm_change"
        | "/api/admin/confirm_change"
        | "/api/vendor/refund_payment"
        | "/api/vendor/record_invoice_payment"
        | "/api/admin/take_over"
        | "/api/store/plan_bulk" => "request_key=long-enough",
        "/api/store/pay_invoice" | "/api/admin/pay_invoice" => "request_key=long-enough&left=1",
        "/api/store/request_payout" => "entity=de&currency=EUR&request_key=long-enough",
        "/api/vendor/set_partner_rate" => "plan=standard&rate=",
        "/api/store/statement" => "month=2026-01",
        "/api/vendor/mark_payouts" => "act=sent",
        "/api/vendor/adjust_commission" => "request_key=long-enough",
        "/api/vendor/decide_payout" => "version=1&act=approve",
        "/api/vendor/change_partner" | "/api/store/save_settings" => "version=1",
        "/api/store/report_lines" | "/api/vendor/report_lines" => {
            "figure=net&currency=EUR&from=2026-01-01&to=2026-01-31"
        }
        "/api/store/report_customers" | "/api/vendor/report_customers" => {
            "kind=new&from=2026-01-01&to=2026-01-31"
        }
        _ => "",
    }
}

/// Calls that only a half signed-in browser may make: nobody is sent to sign in there.
pub fn needs_a_pending_session(path: &str) -> bool {
    path == "/api/account/sign_in_code"
}
