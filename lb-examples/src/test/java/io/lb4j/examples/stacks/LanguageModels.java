package io.lb4j.examples.stacks;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.lb4j.Cost;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadReport;
import io.lb4j.balance.Balancers;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.ServerReport;
import io.lb4j.okhttp.Service;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;

/**
 * OpenAI's client over servers of one's own that speak its API, for instance vLLM: streamed, balanced by the load that the
 * servers report.
 *
 * <p>Response times say little here, since they depend on what is asked. How full a server's key-value cache is says more;
 * vLLM tells it in the header of ORCA, to those who ask. In between its own requests in flight count.
 */
final class LanguageModels implements AutoCloseable {
    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

    /** Few requests of ours in flight, and room in the cache. */
    private static final Cost ROOM = (nodes, i, now) -> {
        LoadReport report = nodes.get(i).loadReport();
        boolean fresh = report != null && now - report.receivedNanos() < FRESH_NANOS;
        double used = fresh && report != null ? report.utilization() : 0;
        return (nodes.get(i).inFlight() + 1) / Math.max(0.01, 1 - used);
    };

    private final LoadBalancer models;
    private final OpenAIClient client;

    LanguageModels(EndpointSource servers) {
        models = LoadBalancer.builder("models", servers, Balancers.leastCost(ROOM))
                .build();
        Service service =
                Service.of(models).withServerReports(ServerReport.orca(List.of("named_metrics.kv_cache_usage_perc")));
        OkHttpClient asking = new OkHttpClient.Builder()
                .addInterceptor(chain -> chain.proceed(chain.request()
                        .newBuilder()
                        .header("endpoint-load-metrics-format", "TEXT")
                        .build()))
                .build();
        client = OpenAIOkHttpClient.builder()
                .okHttpClient(BalancedClient.wrap(asking).service(service).build())
                .baseUrl("http://models/v1")
                .apiKey("none")
                .maxRetries(0) // the client below retries, on another server
                .build();
    }

    /** Asks, and puts together what is streamed. */
    String ask(String question) {
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .model("llama")
                .addUserMessage(question)
                .build();
        try (StreamResponse<ChatCompletionChunk> answer =
                client.chat().completions().createStreaming(params)) {
            return answer.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .collect(Collectors.joining());
        }
    }

    LoadBalancer balancer() {
        return models;
    }

    @Override
    public void close() {
        client.close();
        models.close();
    }
}
