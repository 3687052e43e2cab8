//! `kontor user create | forget-factors`.

use super::refused;
use crate::start::StartError;
use clap::{Subcommand, builder::PossibleValuesParser};
use kontor::{
    account::service::forget_factors,
    kernel::{
        Kontor,
        right::{OrgKind, Role},
    },
    organisation::service::{NewStaff, create_staff},
};

#[derive(Subcommand)]
pub enum Command {
    /// Make somebody one of the vendor's staff and print a link to set a password. The first one makes the vendor.
    Create {
        /// The e-mail address.
        #[arg(long)]
        email: String,
        /// The role; people of partners and customers are added in their own console.
        #[arg(long, value_parser = PossibleValuesParser::new(vendor_roles()))]
        role: String,
        /// First name.
        #[arg(long, default_value = "")]
        first_name: String,
        /// Last name.
        #[arg(long, default_value = "")]
        last_name: String,
        /// What the vendor is called, if this makes it.
        #[arg(long, default_value = "Vendor")]
        organisation: String,
        /// The vendor's country (ISO 3166-1), if this makes it.
        #[arg(long, default_value = "DE")]
        country: String,
    },
    /// Take codes and passkeys from an account whose owner has lost them, and end its sessions. Make sure who asks: the
    /// password alone opens the account afterwards.
    ForgetFactors {
        /// The e-mail address.
        #[arg(long)]
        email: String,
    },
}

fn vendor_roles() -> Vec<&'static str> {
    Role::ALL.iter().filter(|role| role.kind() == OrgKind::Vendor).map(|role| role.key()).collect()
}

pub async fn run(kontor: &Kontor, command: Command) -> Result<(), StartError> {
    let (email, role, first_name, last_name, organisation, country) = match command {
        Command::Create { email, role, first_name, last_name, organisation, country } => {
            (email, role, first_name, last_name, organisation, country)
        }
        Command::ForgetFactors { email } => {
            forget_factors(kontor, &email).await.map_err(refused)?;
            println!("{email} has no second factor any more and signs in with the password");
            return Ok(());
        }
    };
    let role = Role::from_key(&role).ok_or_else(|| StartError::Command("there is no such role".into()))?;
    let new = NewStaff { email: email.clone(), first_name, last_name, role, organisation, country };
    let staff = create_staff(kontor, new).await.map_err(refused)?;
    match staff.link {
        Some(link) => println!("{email} is {role}; set a password within 72 hours:\n{link}"),
        None => println!("{email} is {role} and has a password: {}", kontor.url("/signin")),
    }
    Ok(())
}
