//! Publishing in the demo's own Internet. Not found on installations that are no demo.

use crate::{
    Error, Issue,
    domain::demo::{DemoZone, Kind, Published, Unpublishable},
    kernel::Kontor,
};

/// What is published, oldest first.
pub fn published(kontor: &Kontor) -> Result<Vec<Published>, Error> {
    Ok(zone(kontor)?.list())
}

/// Publishes a record or file.
pub fn publish(kontor: &Kontor, wanted: Published) -> Result<Published, Error> {
    let done = zone(kontor)?.publish(wanted.method, &wanted.name, &wanted.value);
    done.map_err(|why| match why {
        Unpublishable::Name => Error::field("record_name", Issue::BadDomain),
        Unpublishable::Value if wanted.value.trim().is_empty() => {
            Error::field("record_value", Issue::Required)
        }
        Unpublishable::Value if wanted.method == Kind::Cname => {
            Error::field("record_value", Issue::BadDomain)
        }
        Unpublishable::Value if wanted.method == Kind::Mx => {
            Error::field("record_value", Issue::BadMailServers)
        }
        Unpublishable::Value => Error::field("record_value", Issue::TooLong { max: 1000 }),
        Unpublishable::Full => Error::Unavailable,
    })
}

/// Takes a record or file away.
pub fn unpublish(kontor: &Kontor, gone: &Published) -> Result<(), Error> {
    if zone(kontor)?.remove(gone) { Ok(()) } else { Err(Error::NotFound) }
}

fn zone(kontor: &Kontor) -> Result<&dyn DemoZone, Error> {
    kontor.demo.as_deref().ok_or(Error::NotFound)
}
