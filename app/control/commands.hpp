#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "app/control/protocol.hpp"
#include "app/control/server.hpp"
#include "app/session/session.hpp"

namespace tactus::control {

/// Carries out what clients ask of a run. Questions are answered at once; what the engine must meet at a beat
/// is done one after the other, in the order in which it was asked for, and answered when it has taken
/// effect. Ordinary domain, one thread.
class Commands {
 public:
  using Answer = std::function<void(Server::ClientId, const Json&)>;

  /// `answer` is called for what `take` left open.
  Commands(Session& session, Answer answer) : session_(session), answer_(std::move(answer)) {}

  /// The reply; nothing if it comes later, through `proceed` or `end`. Throws Refused.
  std::optional<Json> take(Server::ClientId client, const Json& request);
  /// Answers what has taken effect meanwhile and begins what comes next. To be called after `take`, and often
  /// while `busy`.
  void proceed();
  bool busy() const { return under_way_.has_value() || !waiting_.empty(); }
  /// Tells those who asked for it that the run has ended, with `summary`, and all others that it ended
  /// before.
  void end(const Json& summary);

 private:
  struct Asked {
    Server::ClientId client;
    Json request;
  };
  void begin(const Json& request);
  void begin_next();

  Session& session_;
  Answer answer_;
  std::optional<Server::ClientId> under_way_;
  std::deque<Asked> waiting_;
  std::vector<Server::ClientId> want_end_;
};

}  // namespace tactus::control
