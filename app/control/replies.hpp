#pragma once
// What a run says of itself. The members are described in docs/control-protocol.md.

#include "app/control/protocol.hpp"
#include "app/session/session.hpp"

namespace tactus::control {

/// The state of the run and what was measured of it.
Json status_reply(const Session& session);
/// The mode of each region, and for how long it has been.
Json modes_reply(const Session& session);

/// The fault that was told of last, as in `status`; null if there was none.
Json last_fault(const Session& session);
/// The last time that an interlock tripped or was released, or null: `beat`, `interlock`, `tripped`.
Json last_interlock(const Session& session);

/// Parameters and newest signals: all, or those that are named, a component's name standing for all of its
/// own. Throws Refused for a name that there is not.
Json values_reply(const Session& session, const std::vector<std::string>& names);

}  // namespace tactus::control
