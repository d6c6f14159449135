#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace tactus {

/// What can be called for a signature: with its arguments, or with none at all.
template <typename Callable, typename Result, typename... Args>
concept CallableAs =
    std::is_invocable_r_v<Result, Callable&, Args...> || std::is_invocable_r_v<Result, Callable&>;

/// Such a callable as an object of its own; `Self` is the delegate, which is copied instead.
template <typename Callable, typename Self, typename Result, typename... Args>
concept NamedCallable = std::is_object_v<Callable> && !std::same_as<std::remove_const_t<Callable>, Self> &&
                        CallableAs<Callable, Result, Args...>;

/// Such a callable without any state, a lambda without captures, so that each one is as good as another.
template <typename Callable, typename Result, typename... Args>
concept StatelessCallable = std::is_empty_v<Callable> && std::default_initializable<Callable> &&
    CallableAs<Callable, Result, Args...>;

/// A member function together with the object it is called on; made by `method`, turned into a `Delegate`.
template <auto Member, typename Object>
struct BoundMethod {
  Object* object;

  template <typename... Args>
  constexpr auto operator()(Args&&... args) const
      -> decltype(std::invoke(Member, *object, std::forward<Args>(args)...)) {
    return std::invoke(Member, *object, std::forward<Args>(args)...);
  }
};

/// `method<&Engine::stop>(engine)`: the member function `stop` of this very engine, which must outlive all
/// delegates made from it.
template <auto Member, typename Object>
constexpr BoundMethod<Member, Object> method(Object& object) noexcept {
  return {std::addressof(object)};
}

/// A function to call later: an object pointer and a function pointer, no ownership and no allocation.
///
/// It is made from `method<&Class::member>(object)`, from a named callable that outlives it, or from a
/// lambda without captures. A temporary with state is refused by the compiler, since nobody would keep it
/// alive. A callable that takes no arguments fits every signature. Copying and calling are real-time safe.
template <typename Signature>
class Delegate;

template <typename Result, typename... Args>
class Delegate<Result(Args...)> {
 public:
  /// An empty delegate: false as a condition, must not be called.
  constexpr Delegate() noexcept = default;

  /// Calls `Member` on the object that `bound` names.
  template <auto Member, typename Object>
  constexpr Delegate(BoundMethod<Member, Object> bound) noexcept
      : object_(bound.object), call_([](const void* object, Args... args) -> Result {
          // The object was handed over as an `Object*`; only the type was set aside, never its constness.
          auto* typed = const_cast<Object*>(static_cast<const Object*>(object));
          return invoke(BoundMethod<Member, Object>{typed}, std::forward<Args>(args)...);
        }) {
    static_assert(CallableAs<BoundMethod<Member, Object>, Result, Args...>,
                  "the member function does not fit: other arguments, another result, or a const object");
  }

  /// Calls a named callable; the delegate refers to it, so it must outlive the delegate.
  template <NamedCallable<Delegate, Result, Args...> Callable>
  constexpr Delegate(Callable& callable) noexcept
      : object_(std::addressof(callable)), call_([](const void* object, Args... args) -> Result {
          return invoke(*const_cast<Callable*>(static_cast<const Callable*>(object)),
                        std::forward<Args>(args)...);
        }) {}

  /// Calls a lambda without captures; nothing of it needs to be kept.
  template <StatelessCallable<Result, Args...> Callable>
  constexpr Delegate(const Callable&&) noexcept
      : call_([](const void*, Args... args) -> Result {
          return invoke(Callable{}, std::forward<Args>(args)...);
        }) {}

  /// Whether there is something to call.
  constexpr explicit operator bool() const noexcept { return call_ != nullptr; }

  /// Calls the function. The delegate must not be empty.
  constexpr Result operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

  /// Equal when both call the same function on the same object.
  friend constexpr bool operator==(const Delegate&, const Delegate&) noexcept = default;

 private:
  template <typename Callable>
  static constexpr Result invoke(Callable&& callable, Args... args) {
    if constexpr (std::is_invocable_r_v<Result, Callable&, Args...>) {
      return static_cast<Result>(std::invoke(callable, std::forward<Args>(args)...));
    } else {
      return static_cast<Result>(std::invoke(callable));
    }
  }

  const void* object_ = nullptr;
  Result (*call_)(const void*, Args...) = nullptr;
};

}  // namespace tactus
