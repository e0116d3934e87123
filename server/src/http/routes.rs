//! The one table of routes. A route is served and documented by the same entry.

use super::operations;
use crate::problem::Problem;
use crate::{
    accounts, activities, audit, bindings, callbacks, campaigns, check_in, customers, equipment, events, followers,
    landing, media, mileage, notices, organizations, people, sessions, tickets, visits, work_orders,
};
use actix_web::dev::HttpServiceFactory;
use actix_web::http::header::ALLOW;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use paifang_core::problem::ProblemCode;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, PathItem, SecurityRequirement};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, OpenApiFactory, scope};

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Paifang",
    description = "The gateway between a business and its people inside WeChat. Errors are problems (RFC 9457) \
        with a stable `code`; times are RFC 3339; every id is a UUID.",
    version = "1"
))]
struct Document;

const VERSION_1: &str = "/api/v1";

/// What takes the table: a worker's router, or the document. Each worker has a router of its own, and gathering the
/// document's schemas takes several MB, so that is done only once.
trait Routes {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, route: F) -> &mut Self;
}

impl Routes for web::ServiceConfig {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, route: F) -> &mut Self {
        self.service(route)
    }
}

impl Routes for ServiceConfig<'_> {
    fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, route: F) -> &mut Self {
        self.service(route)
    }
}

fn outside(config: &mut impl Routes) {
    config
        .service(operations::healthz)
        .service(operations::readyz)
        .service(operations::metrics)
        .service(operations::openapi_document)
        .service(callbacks::api::verify_url)
        .service(callbacks::api::take_push)
        .service(work_orders::page::show_followed)
        .service(landing::api::get_landing_page);
}

fn version_1(config: &mut impl Routes) {
    config
        .service(sessions::api::create_session)
        .service(sessions::api::delete_session)
        .service(sessions::decrypt::decrypt)
        .service(people::api::me::get_me)
        .service(people::api::me::get_my_profile)
        .service(people::api::me::list_my_organizations)
        .service(people::api::me::forget_me)
        .service(people::api::phone::bind_phone)
        .service(people::api::accept_invitation)
        .service(people::api::create_invitation)
        .service(people::api::list_invitations)
        .service(people::api::revoke_invitation)
        .service(people::api::persons::list_persons)
        .service(people::api::persons::get_person)
        .service(people::api::persons::withdraw_role)
        .service(people::api::conflicts::list_phone_conflicts)
        .service(people::api::conflicts::resolve_phone_conflict)
        .service(activities::api::list_activities)
        .service(organizations::settings::get_organization)
        .service(organizations::settings::replace_organization)
        .service(accounts::api::create_account)
        .service(accounts::api::list_accounts)
        .service(accounts::api::list_my_accounts)
        .service(accounts::api::get_account)
        .service(accounts::api::list_dependents)
        .service(accounts::api::replace_account)
        .service(accounts::api::remove_account)
        .service(accounts::api::tools::check_account)
        .service(accounts::api::tools::get_portal_code)
        .service(followers::api::start_follower_import)
        .service(followers::api::list_follower_imports)
        .service(campaigns::api::create_campaign)
        .service(campaigns::api::list_campaigns)
        .service(campaigns::api::get_campaign)
        .service(campaigns::api::replace_campaign)
        .service(notices::api::list_notices)
        .service(notices::api::clear_notice)
        .service(callbacks::api::list_pushes)
        .service(callbacks::api::replay_pushes)
        .service(events::api::create_event)
        .service(events::api::list_events)
        .service(events::api::get_event)
        .service(events::api::list_event_keys)
        .service(events::api::create_event_key)
        .service(events::api::products::create_product)
        .service(events::api::products::list_products)
        .service(events::api::lists::create_check_in_list)
        .service(events::api::lists::list_check_in_lists)
        .service(events::api::lists::get_check_in_list)
        .service(events::api::lists::replace_check_in_list)
        .service(tickets::api::create_ticket)
        .service(tickets::api::search_tickets)
        .service(tickets::api::import::import_tickets)
        .service(tickets::api::get_ticket)
        .service(tickets::api::change_ticket)
        .service(tickets::api::mine::list_my_tickets)
        .service(tickets::api::mine::claim_tickets)
        .service(check_in::api::create_check_in)
        .service(check_in::api::batch::create_check_in_batch)
        .service(check_in::api::annul_check_in)
        .service(check_in::api::history::list_check_ins)
        .service(check_in::api::history::list_conflicts)
        .service(check_in::api::stats::get_stats)
        .service(check_in::api::devices::list_devices)
        .service(organizations::api::list_api_tokens)
        .service(organizations::api::revoke_api_token)
        .service(audit::api::list_audit_log)
        .service(work_orders::api::create_work_order)
        .service(work_orders::api::lists::list_work_orders)
        .service(work_orders::api::lists::list_my_work_orders)
        .service(work_orders::api::follow::claim_work_order)
        .service(work_orders::api::get_work_order)
        .service(work_orders::api::moves::move_work_order)
        .service(work_orders::api::add_to_work_order)
        .service(work_orders::api::add_by_unit)
        .service(work_orders::api::follow::find_followed)
        .service(work_orders::api::follow::get_followed)
        .service(work_orders::api::follow::move_followed)
        .service(work_orders::api::settings::get_service_settings)
        .service(work_orders::api::settings::replace_service_settings)
        .service(work_orders::api::engineers::list_engineers)
        .service(bindings::api::change_bindings)
        .service(bindings::api::list_bindings)
        .service(bindings::api::export::export_bindings)
        .service(bindings::api::import::import_bindings)
        .service(bindings::api::proofs::create_binding_code)
        .service(bindings::api::proofs::create_binding_link)
        .service(bindings::api::me::bind_me)
        .service(bindings::api::me::unbind_me)
        .service(visits::api::create_visit)
        .service(visits::api::list_visits)
        .service(visits::api::check_out_of_visit)
        .service(visits::api::list_my_visits)
        .service(mileage::api::points::create_day_point)
        .service(mileage::api::days::list_days)
        .service(mileage::api::days::get_day)
        .service(mileage::api::days::submit_day)
        .service(mileage::api::days::decide_day)
        .service(mileage::api::legs::change_leg)
        .service(mileage::api::statements::get_statement)
        .service(media::api::upload_media)
        .service(media::api::get_media_content)
        .service(media::api::videos::begin_video)
        .service(media::api::videos::put_part)
        .service(media::api::videos::complete_video)
        .service(customers::api::create_customer)
        .service(customers::api::list_customers)
        .service(customers::api::replace_customer)
        .service(customers::api::list_customer_members)
        .service(customers::api::dismiss_customer_member)
        .service(equipment::api::create_equipment)
        .service(equipment::api::list_equipment)
        .service(equipment::api::import::import_equipment)
        .service(equipment::api::codes::get_equipment_labels)
        .service(equipment::api::codes::get_equipment_mini_program_code)
        .service(equipment::api::codes::get_equipment_qr_code)
        .service(equipment::api::get_equipment)
        .service(equipment::api::replace_equipment)
        .service(equipment::api::retire_equipment)
        .service(equipment::api::me::register_equipment)
        .service(equipment::api::me::list_my_equipment)
        .service(equipment::api::registrations::list_equipment_registrations)
        .service(equipment::api::registrations::decide_equipment_registration)
        .service(landing::files::put_verification_file)
        .service(landing::files::get_verification_file)
        .service(landing::files::delete_verification_file);
}

/// Registers all routes.
pub fn configure(config: &mut web::ServiceConfig) {
    outside(config);
    config.service(web::scope(VERSION_1).configure(version_1)).default_service(web::to(nowhere));
}

/// The OpenAPI document of all routes.
pub fn openapi() -> OpenApi {
    let documented = |config: &mut ServiceConfig<'_>| {
        outside(config);
        config.service(scope::scope(VERSION_1).configure(|config: &mut ServiceConfig<'_>| version_1(config)));
    };
    let app = actix_web::App::new().into_utoipa_app().openapi(Document::openapi()).configure(documented);
    let (_, mut document) = app.split_for_parts();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The access token of a session, or an API token"));
    let components = document.components.get_or_insert_with(Default::default);
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    document.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
    document
}

/// 405 where the address exists with another method, else 404.
async fn nowhere(request: HttpRequest, document: web::Data<OpenApi>) -> HttpResponse {
    let asked: Vec<_> = request.path().split('/').collect();
    let matches = |template: &str| {
        let template: Vec<_> = template.split('/').collect();
        template.len() == asked.len()
            && template.iter().zip(&asked).all(|(part, asked)| part.starts_with('{') || part == asked)
    };
    match document.paths.paths.iter().find(|(template, _)| matches(template)) {
        None => Problem::not_found().error_response(),
        Some((_, item)) => {
            let mut response = Problem::new(ProblemCode::MethodNotAllowed).error_response();
            if let Ok(value) = methods(item).join(", ").parse() {
                response.headers_mut().insert(ALLOW, value);
            }
            response
        }
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    [
        ("GET", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ]
    .into_iter()
    .filter_map(|(method, known)| known.then_some(method))
    .collect()
}
