#pragma once

namespace tactus::inherited {

/// The descriptors with which a supervisor is started, beside the standard ones.
enum Descriptor : int {
  socket = 3,
  pulse = 4,
  engine = 5,  ///< a pidfd
  held = 6,    ///< may be missing; kept open and nothing else
  end,
};

}  // namespace tactus::inherited
