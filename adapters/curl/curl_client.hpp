#pragma once

#include "platform/async/runtime.hpp"
#include "platform/http/client.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace backline::curl {

struct Settings {
    Duration connect_within{2'000};
    std::size_t answer_bytes_max = 8U << 20U;
    std::string ca_file{}; ///< Whom to trust; empty: whom the system trusts.
};

/// The HTTP client port on libcurl. Calls block, so they run on `lane`, as many at a time as it has threads;
/// connections are kept for the next call. `lane` outlives it.
class CurlClient final : public http::Client {
public:
    CurlClient(Runtime& lane, Settings settings);
    ~CurlClient() override;

    Task<http::ClientAnswer> send(http::ClientRequest request) override;

private:
    class Handles;

    Runtime& lane_;
    Settings settings_;
    std::shared_ptr<Handles> handles_;
};

/// The same for a program without a loop: blocks the caller.
[[nodiscard]] http::ClientAnswer send(const http::ClientRequest& request);

} // namespace backline::curl
