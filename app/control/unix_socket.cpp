#include "app/control/unix_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/control/directory.hpp"

namespace tactus::control {
namespace {

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) {
    throw ControlError(path.string() + ": too long for a socket, which may have " +
                       std::to_string(sizeof address.sun_path - 1) + " characters; choose a shorter name");
  }
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return address;
}

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw ControlError(path.string() + ": " + error_text(errno));
}

}  // namespace

FileDescriptor listen_at(const std::filesystem::path& path) {
  const sockaddr_un address = address_of(path);
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  constexpr int backlog = 64;
  // The mode that the file will have: set before there is a file, so that it is never open to others.
  if (socket.number() < 0 || fchmod(socket.number(), 0600) != 0 ||
      bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket.number(), backlog) != 0) {
    fail(path);
  }
  return socket;
}

FileDescriptor connect_to(const std::filesystem::path& path) {
  const sockaddr_un address = address_of(path);
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.number() < 0 ||
      connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail(path);
  }
  return socket;
}

bool is_trusted_peer(const FileDescriptor& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == geteuid() || peer.uid == 0;
}

}  // namespace tactus::control
