#pragma once

#include "platform/http/client.hpp"
#include "services/payments/provider.hpp"

#include <string>

namespace backline::sandbox_pay {

/// The payment provider port on a sandbox that runs in a process of its own (`backline sandbox`): so several payment
/// services share one provider, and one that dies does not take its provider with it. Gives no notices; whoever waits
/// asks. Loop thread only. The client outlives it.
class RemoteSandbox final : public payments::Provider {
public:
    /// `url` is the sandbox's own address, such as `http://127.0.0.1:8090`.
    RemoteSandbox(http::Client& client, std::string url) : client_(client), url_(std::move(url)) {}

    Task<payments::ProviderPayment> call(payments::ProviderCall call) override;

    void on_notice(Listener) override {}

private:
    http::Client& client_;
    std::string url_;
};

} // namespace backline::sandbox_pay
